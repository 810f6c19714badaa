import type { WirehookError } from './errors'

/**
 * - `idle`: nobody uses the connection yet, or any more
 * - `connecting`: the first attempt is under way
 * - `open`: the socket is open and the handshake, if there is one, has completed
 * - `reconnecting`: it was open or has failed before, and will try again by itself
 * - `closed`: closed because `close()` was called
 * - `failed`: will not try again by itself; `error` says why, `reconnect()` starts over
 */
export type ConnectionStatus = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'closed' | 'failed'

/** What holds retries back: no network, or a page that has been out of sight for a while. */
export type PauseReason = 'offline' | 'hidden'

/** How a socket, or an attempt to get one, came to its end. Nothing in it is invented. */
export interface CloseInfo {
  /**
   * The close code seen on the wire, 1006 where the browser reports an unclean end
   * (RFC 6455 §7.1.5), the code we sent for an end of our own, or `null` where we gave up on an
   * attempt or a dead socket, or none came (a content security policy that forbids the address).
   */
  readonly code: number | null
  /** The reason that came, or was sent, with the code; often empty. */
  readonly reason: string
  /** `true` only if the closing handshake was seen to complete; ends of our own do not wait for it. */
  readonly wasClean: boolean
  /** Who ended it: the other side with a close frame, this side, or the network (1006). */
  readonly by: 'server' | 'client' | 'network'
  /** Milliseconds from `open` to the end; `null` if it never was open. */
  readonly openForMs: number | null
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  /** Why this side gave up on it (time-out, silence, failed handshake), else `null`. */
  readonly error: WirehookError | null
}

/** The state of a connection: immutable, and the same object until something in it changes. */
export interface ConnectionSnapshot {
  readonly status: ConnectionStatus
  /**
   * Number of the retry that is under way or next, or of those made once `failed`; 0 for the first
   * attempt and while open.
   */
  readonly attempt: number
  /** When the next attempt starts, in milliseconds since 1970; `null` when none is scheduled. */
  readonly retryAt: number | null
  /** What a scheduled attempt is waiting for, if not for time. */
  readonly pausedBy: PauseReason | null
  /** How the last socket or attempt ended; `null` before the first end. */
  readonly lastClose: CloseInfo | null
  /** Why the connection will not retry; set only while `failed`. */
  readonly error: WirehookError | null
  /** Round trip of the last answered ping in milliseconds; `null` until measured on this socket. */
  readonly latencyMs: number | null
  /** Messages held in the queue: not yet open, no room in the socket, or held back by `pacing`. */
  readonly queued: number
  /** Inbound messages refused as malformed, too large or against the schema since the beginning. */
  readonly invalidMessages: number
}

/** Bytes or text as a WebSocket takes them. */
export type FrameData = string | ArrayBuffer | ArrayBufferView | Blob

/**
 * - `sent`: handed to the socket
 * - `queued`: kept, and sent in order once the connection is open and has room
 * - `dropped`: neither; it will not be sent
 */
export type SendResult = 'sent' | 'queued' | 'dropped'

export interface SendOptions {
  /**
   * Milliseconds the message may wait in the queue before it is given up with a `drop` event.
   * `Infinity` waits for ever, `0` means it is never sent from the queue.
   *
   * @default the connection's `queue.ttlMs`
   */
  ttlMs?: number
  /** A message with the same key that is still in the queue is replaced by this one. */
  replaceKey?: string
  /**
   * `'drop'` gives the message up (result `'dropped'`) if it cannot go out at once.
   *
   * @default 'queue'
   */
  whenClosed?: 'queue' | 'drop'
}

export interface RequestOptions {
  /**
   * Milliseconds within which the answer has to come, the time in the queue included. `0` and
   * `Infinity` wait for ever.
   *
   * @default 10_000
   */
  timeoutMs?: number | undefined
  /** Gives the request up: it rejects with the signal's reason, and is not sent if it still waits. */
  signal?: AbortSignal
  /**
   * Asking twice does no harm: if the link is lost before the answer has come, the request is sent
   * again, with the same id, on the next one. Otherwise it is then rejected as `outcome-unknown`.
   *
   * @default false
   */
  idempotent?: boolean | undefined
}

/**
 * When components render for messages:
 * - `'auto'`: at once while the connection is quiet; what comes before the next frame is drawn is
 *   shown in that frame
 * - `'sync'`: for every message, as far as React does not batch them
 * - `'frame'`: once a frame, also when it is quiet; pages out of sight have slow frames
 * - a number: at once, then not before that many milliseconds have passed; `0` is `'sync'`, and
 *   `Infinity` renders once and no more
 */
export type Schedule = 'auto' | 'sync' | 'frame' | number

/** Renders as a {@link Schedule} says. */
export interface RenderPlan {
  /**
   * There is something new to show.
   *
   * @param schedule counts before the connection's own `schedule`
   */
  request(schedule?: Schedule): void
  /** Forgets what was requested. */
  cancel(): void
}

/** The routing key of a message. */
export type Topic = string | number

/** Which messages are meant; all that is given has to fit. */
export interface MessageFilter {
  /** Messages to which the connection's `topicOf` gives this topic. */
  topic?: Topic | undefined
  /** Messages whose `type` is this. */
  type?: Topic | undefined
}

/**
 * The messages of a union whose `type` is `Key`, if there are any, else all of them: a topic made
 * by a `topicOf` of your own need not say anything about the type.
 */
export type MessageOf<Message, Key> = [Key] extends [Topic]
  ? string extends Key
    ? Message
    : number extends Key
      ? Message
      : [Extract<Message, { type: Key }>] extends [never]
        ? Message
        : Extract<Message, { type: Key }>
  : Message

/** The message type that a filter leaves. */
export type FilteredMessage<Message, Filter extends MessageFilter> = Filter extends {
  type: infer Type
}
  ? MessageOf<Message, Type>
  : Filter extends { topic: infer Key }
    ? MessageOf<Message, Key>
    : Message

export interface OpenInfo {
  /** `false` for the first time, `true` if the connection was open or had failed before. */
  readonly reconnected: boolean
  /** The subprotocol the server picked, or `''`. */
  readonly protocol: string
}

export interface DroppedMessage {
  /** The encoded message as it would have gone out; `null` if it was not encoded yet. */
  readonly data: FrameData | null
  /**
   * `overflow`: the queue was full; `expired`: its `ttlMs` passed; `failed`: it could not be encoded,
   * or the socket refused it.
   */
  readonly reason: 'overflow' | 'expired' | 'failed'
}

/** What a connection tells its listeners, in the order in which it happened. */
export interface ConnectionEvents<Incoming = unknown> {
  /** The connection has opened, and queued messages have been sent as far as there is room. */
  open: (info: OpenInfo) => void
  /** Every message, once, in order; pings and pongs of the heartbeat are left out. */
  message: (message: Incoming) => void
  /** A socket, or an attempt to get one, came to its end. */
  close: (close: CloseInfo) => void
  /**
   * This side gave up on an attempt or a socket (time-out, handshake, silence), refused an inbound
   * message, or failed for good. A connection that was refused or lost is a `close`.
   */
  error: (error: WirehookError) => void
  /** A message that had been accepted into the queue will not be sent. */
  drop: (dropped: DroppedMessage) => void
}

/** Undoes what returned it. Calling it again does nothing. */
export type Undo = () => void

/**
 * What components share: it outlives every socket. All layers of this package have this shape, so
 * hooks, tools and tests work with each of them.
 */
export interface Connection<Incoming = unknown, Outgoing = unknown> {
  /** The current state: the same object until something in it changes. */
  getSnapshot(): ConnectionSnapshot
  /** The newest message, or `undefined` before the first one. */
  getLastMessage(): Incoming | undefined
  /**
   * The newest message of a topic. The newest of each of 1000 topics is kept; beyond that, of those
   * nobody listens to, the one that got no message for the longest time goes.
   */
  getLastMessage<const Key extends Topic | undefined>(
    topic: Key,
  ): MessageOf<Incoming, Key> | undefined
  /** Calls `listener` after each change of the snapshot, never for a message. */
  subscribe(listener: () => void): Undo
  /**
   * Calls `listener` for the messages of a topic or type, before the listeners without a filter. It
   * costs nothing for other messages.
   */
  on<const Filter extends MessageFilter>(
    name: 'message',
    listener: (message: FilteredMessage<Incoming, Filter>) => void,
    filter: Filter,
  ): Undo
  /**
   * Calls `listener` for each event of that name. A listener that throws stops neither the other
   * listeners nor the socket; its error is reported as an uncaught one.
   */
  on<Name extends keyof ConnectionEvents>(
    name: Name,
    listener: ConnectionEvents<Incoming>[Name],
  ): Undo
  /**
   * Plans renderings: calls `render` as often as the connection's `schedule` says. Messages and their
   * listeners are never delayed by it.
   *
   * @param otherwise counts if the connection has no `schedule` of its own. Default `'auto'`
   */
  planRender(render: () => void, otherwise?: Schedule): RenderPlan
  /**
   * Sends text or bytes as they are. Bytes are copied if they have to wait.
   *
   * @throws WirehookError `encode-failed` for anything else, `queue-full` if the queue is full and
   * its `overflow` is `'reject'`, `invalid-option` for a `ttlMs` that is no number from 0 up
   */
  send(data: FrameData, options?: SendOptions): SendResult
  /**
   * Checks `value` against the connection's `outgoing` schema, if there is one, and encodes it with
   * its codec, JSON by default, at once: changing it later has no effect. With a codec or a schema
   * that takes time, the message keeps its place in order (result `'queued'`), and what goes wrong
   * is an `error` event.
   *
   * @throws WirehookError `invalid-message` if the value is against the schema, `encode-failed` if it
   * cannot be encoded (it then takes no place in the queue), `queue-full` as for `send`
   */
  sendJSON(value: Outgoing, options?: SendOptions): SendResult
  /**
   * Sends a message with an id, and resolves with the answer to it, which listeners do not get. How
   * ids and answers are told is the connection's option `requests`. Waits in the queue like any
   * message, and holds a lease until it is settled. An answer that comes late is ignored.
   *
   * @returns rejects with WirehookError `request-timeout`; `outcome-unknown` if the link was lost
   * after it was sent; `request-dropped` if it will never be sent; `request-failed` if the server
   * answered with an error, which is the `cause`; `no-requests` if the option is missing; with the
   * errors of `sendJSON`; or with the reason of the signal
   */
  request<Reply = unknown>(payload: unknown, options?: RequestOptions): Promise<Reply>
  /**
   * Connects now with a new socket: cuts any wait, replaces a socket that is open or hangs, and
   * starts over from `closed` and `failed`. The count of retries starts again at 0. While `url`,
   * `params` or `protocols` are being asked, the attempt under way goes on.
   */
  reconnect(): void
  /**
   * Closes for good, until `reconnect()` or until everybody has left and somebody comes back.
   * Queued messages are kept.
   *
   * @param code 1000, or 3000 to 4999. Default 1000
   * @param reason shortened to the 123 bytes of UTF-8 a close frame has room for (RFC 6455 §5.5)
   * @throws WirehookError `invalid-option` for any other code
   */
  close(code?: number, reason?: string): void
  /**
   * Declares a user of the connection. It opens, in a microtask, for its first user, and closes
   * `lingerMs` after the last one has left.
   *
   * @returns ends the lease
   */
  lease(): Undo
}
