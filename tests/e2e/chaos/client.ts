import { setTimeout as wait } from 'node:timers/promises'
import {
  createConnection,
  isWirehookError,
  type Codec,
  type Connection,
  type ConnectionOptions,
} from 'wirehook/core'
import type { ChaosEnvironment } from './environment'
import { readFrame, type ClientMessage, type Frame } from './frame'
import type { ChaosRecord, ServerNumber } from './history'
import { patience, type ChaosAction, type ChaosSetting } from './plan'

export type ClientSends = Extract<ChaosAction, { type: 'client sends' }>

/** A connection that records all it does, and numbers what it sends. */
export interface ChaosClient {
  readonly connection: Connection<ServerNumber>
  send(action: ClientSends, wantsAnswer?: boolean): void
}

export function createChaosClient(
  url: string,
  setting: ChaosSetting,
  page: ChaosEnvironment,
  record: (entry: ChaosRecord) => void,
): ChaosClient {
  const connection = createConnection<ServerNumber>(url, {
    ...toOptions(setting),
    environment: page.environment,
  })
  recordEvents(connection, page, record)
  let n = 0

  function offer(action: ClientSends, wantsAnswer: boolean): void {
    n += 1
    const { bytes, isBinary, ttlMs, whenClosed } = action
    const message: ClientMessage = { n, wantsAnswer, padding: 'x'.repeat(bytes) }
    // The drop of a message that is not encoded yet does not say which one it was. That these are
    // never replaced leaves no doubt about it in the end.
    const replaceKey = setting.isSlow && !isBinary ? undefined : action.replaceKey
    const options = {
      whenClosed,
      ...(ttlMs !== undefined && { ttlMs }),
      ...(replaceKey !== undefined && { replaceKey }),
    }
    const offered = { type: 'offered', n, replaceKey, ttlMs, whenClosed } as const
    try {
      const outcome = isBinary
        ? connection.send(new TextEncoder().encode(JSON.stringify(message)), options)
        : connection.sendJSON(message, options)
      record({ ...offered, outcome })
    } catch (error) {
      if (!isWirehookError(error) || error.code !== 'queue-full') throw error
      record({ ...offered, outcome: 'refused' })
    }
  }

  return {
    connection,
    send(action, wantsAnswer = false) {
      for (let sent = 0; sent < action.count; sent += 1) offer(action, wantsAnswer)
    },
  }
}

function recordEvents(
  connection: Connection<ServerNumber>,
  page: ChaosEnvironment,
  record: (entry: ChaosRecord) => void,
): void {
  connection.on('open', () => record({ type: 'opened', socket: page.newest }))
  connection.on('close', ({ by, error }) => {
    const end = { by, error: error?.code ?? null, ...page.readNewest() }
    record({ type: 'closed', socket: page.newest, ...end })
  })
  connection.on('error', ({ code }) => record({ type: 'error event', code }))
  connection.on('message', ({ seq, nth, socket }) => record({ type: 'told', seq, nth, socket }))
  connection.on('drop', ({ data, reason }) => {
    const message = data === null ? null : (readFrame(data as Frame) as ClientMessage)
    record({ type: 'dropped', n: message && message.n, reason })
  })
  connection.subscribe(() => record({ type: 'status', status: connection.getSnapshot().status }))
}

/** Waits are short, so that much happens in little time. */
function toOptions(setting: ChaosSetting): ConnectionOptions<ServerNumber> {
  const { isSlow, hasHandshake, maxMessages, overflow, highWaterBytes } = setting
  return {
    connectTimeoutMs: patience.connectMs,
    lingerMs: 60,
    reconnect: { minDelayMs: 60, maxDelayMs: 200, stableAfterMs: 200 },
    heartbeat: { intervalMs: 100, timeoutMs: patience.heartbeatMs },
    queue: { maxMessages, overflow },
    pacing: { highWaterBytes },
    ...(isSlow && { codec: slowCodec }),
    ...(hasHandshake && {
      async handshake({ sendJSON, receive }) {
        sendJSON({ type: 'hello' })
        await receive<{ type?: string }>(({ type }) => type === 'welcome')
      },
    }),
  }
}

/** JSON that takes its time, for some messages longer than for those behind them. */
const slowCodec: Codec = {
  async encode(value) {
    const text = JSON.stringify(value)
    await wait(text.length % 17)
    return text
  },
  async decode(data) {
    await wait(String(data).length % 13)
    return JSON.parse(data as string) as unknown
  },
}
