import type {
  CloseInfo,
  ConnectionStatus,
  DroppedMessage,
  SendResult,
  WirehookErrorCode,
} from 'wirehook/core'

/**
 * What happened in a run, in order. `n` numbers what the client sends, `seq` what the server sends
 * over all sockets; `nth` counts the same on one socket. Sockets are numbered from 1.
 */
export type ChaosRecord =
  /** `send` has returned, or thrown (`refused`). */
  | {
      readonly type: 'offered'
      readonly n: number
      readonly outcome: SendResult | 'refused'
      readonly replaceKey: string | undefined
      readonly ttlMs: number | undefined
      readonly whenClosed: 'queue' | 'drop'
    }
  /** The connection called `send` of a socket. */
  | {
      readonly type: 'handed'
      readonly n: number
      readonly socket: number
      readonly readyState: number
    }
  /** The `drop` event; `null` for a message that was not encoded yet. */
  | {
      readonly type: 'dropped'
      readonly n: number | null
      readonly reason: DroppedMessage['reason']
    }
  /** The server received it. */
  | { readonly type: 'arrived'; readonly n: number; readonly socket: number }
  /** The server sent it. */
  | ({ readonly type: 'served' } & ServerNumber)
  /** It came out of a socket of the client. */
  | ({ readonly type: 'came' } & ServerNumber)
  /** A listener of the client was told. */
  | ({ readonly type: 'told' } & ServerNumber)
  | { readonly type: 'opened'; readonly socket: number }
  /** The `close` event; `socket` is the newest socket there was. */
  | {
      readonly type: 'closed'
      readonly socket: number
      readonly by: CloseInfo['by']
      readonly error: WirehookErrorCode | null
      /** Whether that socket was still good then. */
      readonly wasLive: boolean
      /** How long before that socket had been made. */
      readonly ageMs: number
    }
  | { readonly type: 'status'; readonly status: ConnectionStatus }
  /** What a listener threw, or the connection reported as uncaught. */
  | { readonly type: 'uncaught'; readonly error: unknown }
  | { readonly type: 'error event'; readonly code: WirehookErrorCode }

export interface ServerNumber {
  readonly seq: number
  readonly nth: number
  readonly socket: number
}

/** How things stood after everything had been healed and was given time. */
export interface ChaosEnd {
  /** Whether a message got through both ways in time. */
  readonly isLive: boolean
  readonly status: ConnectionStatus
  readonly queued: number
  /** The number of the newest socket. */
  readonly newest: number
  /** Sockets of the client that are connecting or open. */
  readonly liveSockets: number
  /** Timers and watchers of the page while open and quiet. */
  readonly timersWhileOpen: number
  readonly watchersWhileOpen: number
}

export interface ChaosHistory {
  readonly records: readonly ChaosRecord[]
  readonly end: ChaosEnd
}

export type RecordOf<Type extends ChaosRecord['type']> = Extract<ChaosRecord, { type: Type }>

export function pick<Type extends ChaosRecord['type']>(
  records: readonly ChaosRecord[],
  type: Type,
): RecordOf<Type>[] {
  return records.filter((record): record is RecordOf<Type> => record.type === type)
}
