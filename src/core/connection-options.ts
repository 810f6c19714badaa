import { jsonCodec, type Codec } from './codec'
import type { CloseInfo, FrameData, Schedule, Topic } from './connection'
import type { Environment } from './environment'
import type { WirehookError } from './errors'
import type { RequestSupport } from './requests'
import type { MessageSchema, SchemaIssue, SchemaOutput } from './schema'

/** What is known when an attempt to connect is made. */
export interface AttemptContext {
  /** 0 for the first attempt, then the number of the retry. */
  readonly attempt: number
  /** How the last socket or attempt ended, for instance with code 4401 for an expired token. */
  readonly lastClose: CloseInfo | null
  /** Aborted as soon as this attempt is over or given up. */
  readonly signal: AbortSignal
}

/** A value, or a function asked for it on every attempt. A rejection counts as a failed attempt. */
export type PerAttempt<Value> = Value | ((context: AttemptContext) => Value | Promise<Value>)

/** Query parameters; `null` and `undefined` leave a parameter out. */
export type UrlParams = Readonly<Record<string, string | number | boolean | null | undefined>>

/** What a handshake can do with the socket before the connection counts as open. */
export interface HandshakeContext extends AttemptContext {
  /** Sends text or bytes on the new socket at once, ahead of the queue. */
  send(data: FrameData): void
  /** Encodes a value and sends it on the new socket at once, ahead of the queue. */
  sendJSON(value: unknown): void
  /**
   * The first message that `matches`, among those that came since the socket opened and those that
   * will come. It is not given to listeners; messages nobody received here are, once it is open.
   */
  receive<Message = unknown>(matches?: (message: Message) => boolean): Promise<Message>
}

export interface ReconnectOptions {
  /** Window of the first retry in milliseconds; with `0`, too, 50 ms are waited. @default 500 */
  minDelayMs?: number
  /** Largest window of a retry in milliseconds. @default 30_000 */
  maxDelayMs?: number
  /** How much the window grows with each retry. @default 2 */
  factor?: number
  /**
   * Retries before the connection fails with `attempts-exhausted`; the first attempt is not one of
   * them. `0` never retries. In a hidden page the last retry waits until it is visible.
   *
   * @default Infinity
   */
  maxAttempts?: number
  /**
   * Milliseconds a connection must have been open, beside having received something or completed a
   * handshake, before the retries start counting at 0 again. `0` asks for the proof only. A server
   * that never says anything gives no proof: use a heartbeat or a handshake with it.
   *
   * @default 5000
   */
  stableAfterMs?: number
  /**
   * Overrides what follows an end: `'retry'` with backoff, `'stop'`, or a delay in milliseconds.
   * Returning nothing keeps the rule for the close code (see `docs/reliability.md`).
   */
  decide?: (close: CloseInfo) => 'retry' | 'stop' | number | undefined
}

export interface HeartbeatOptions {
  /**
   * Milliseconds without any inbound frame after which a ping is sent. `0` and `Infinity` send none.
   *
   * @default 25_000
   */
  intervalMs?: number
  /**
   * Milliseconds within which an answer, or anything else, has to arrive. `0` and `Infinity` never
   * give up.
   *
   * @default 10_000
   */
  timeoutMs?: number
  /**
   * The ping: text or bytes go out as they are, any other value through the codec, and a function
   * is asked each time. `false` sends none and only expects the server to be heard from within
   * `intervalMs + timeoutMs`.
   *
   * @default { type: 'ping' }
   */
  ping?: unknown
  /**
   * Tells an answer to the ping, which gives `latencyMs` and is hidden from listeners. Gets the
   * decoded message, or the text as it came if it did not decode.
   *
   * @default a message that is 'pong' or has `type: 'pong'`
   */
  isPong?: (message: unknown) => boolean
  /**
   * Answers a ping of the server: returns what to send back, or `undefined` if the message is not a
   * ping. Runs inside the message event, so pages with slowed timers stay alive; the ping is hidden
   * from listeners.
   */
  reply?: (message: unknown) => unknown
}

export interface QueueOptions {
  /** Messages kept at most; `0` keeps none, `Infinity` any number. @default 1000 */
  maxMessages?: number
  /** Bytes kept at most; text counts as UTF-8. `Infinity` has no limit. @default 1_048_576 */
  maxBytes?: number
  /**
   * What happens to a message that finds the queue full: `send` throws `queue-full` (`'reject'`),
   * the oldest makes room, or the new one is dropped.
   *
   * @default 'reject'
   */
  overflow?: 'reject' | 'drop-oldest' | 'drop-newest'
  /** Milliseconds a message may wait; `0` not at all, `Infinity` for ever. @default Infinity */
  ttlMs?: number
}

export interface PacingOptions {
  /**
   * Bytes handed to the socket and not yet taken by the network, above which messages wait in the
   * queue. A larger message goes out alone, and one too large for the queue at once. `Infinity`
   * never waits.
   *
   * @default 262_144
   */
  highWaterBytes?: number
  /**
   * Messages sent per second on average; what comes faster waits in the queue, as `queued` shows.
   * Keeps within the limit of a server that closes on whoever floods it. Handshake and heartbeat do
   * not wait. `0` and `Infinity` do not limit.
   *
   * @default Infinity
   */
  messagesPerSecond?: number
  /**
   * Messages that may go at once after a quiet time. In any second, up to `burst +
   * messagesPerSecond` can go out. Less than 1 counts as 1.
   *
   * @default 1
   */
  burst?: number
}

/** An inbound message that was refused. */
export interface InvalidMessage {
  readonly error: WirehookError
  /** The frame as it came; for a message that came before the connection was open, what it decoded to. */
  readonly data: unknown
  /** What the schema found wrong, if it came that far. */
  readonly issues: readonly SchemaIssue[]
}

/** Where a connection writes what it does. `console` fits. */
export interface Logger {
  debug(message: string): void
}

/**
 * How a connection behaves. All options are optional, and `undefined` means the default. A group such
 * as `reconnect` is taken as a whole: that of a hook replaces that of its provider.
 */
export interface ConnectionOptions<Incoming = unknown> {
  /** Subprotocols to offer, most wanted first (RFC 6455 §1.9). */
  protocols?: PerAttempt<string | readonly string[]>
  /**
   * Query parameters set on the URL for each attempt: the place for a token or a one-time ticket.
   * They do not tell connections apart, and new values count from the next attempt on; what decides
   * where a connection goes belongs into the URL.
   */
  params?: PerAttempt<UrlParams>
  /**
   * Runs on every new socket, before the connection is `open` and the queue is sent. Failing or
   * taking longer than `connectTimeoutMs` counts as a failed attempt.
   */
  handshake?: (context: HandshakeContext) => void | Promise<void>
  /**
   * Milliseconds that each step of an attempt may take: finding the address, opening the socket,
   * the handshake. `0` and `Infinity` wait as long as the browser does.
   *
   * @default 10_000
   */
  connectTimeoutMs?: number
  /** `false` never retries by itself. */
  reconnect?: ReconnectOptions | false
  /** Notices a link that died without saying so. Off unless configured, for servers differ. @default false */
  heartbeat?: HeartbeatOptions | false
  /** Keeps what is sent while the connection is not open. `false` drops it instead. */
  queue?: QueueOptions | false
  /** How much is handed to the socket at a time, so that nothing piles up where it cannot be seen. */
  pacing?: PacingOptions
  /** Inbound messages above this many bytes are refused. `Infinity` takes all. @default 16_777_216 */
  maxMessageBytes?: number
  /**
   * Turns values into frames and back; `wirehook/codecs` has more of them.
   *
   * @default JSON; binary frames stay an `ArrayBuffer`
   */
  codec?: Codec
  /**
   * Checks every inbound message: any Standard Schema (zod, valibot, arktype, …), or one for each
   * `type` of message. Listeners get what the schema gives; an invalid message is refused. Messages
   * of the heartbeat and answers to requests are not checked.
   */
  incoming?: MessageSchema<unknown, Incoming>
  /** The same for what `sendJSON` and `request` are given; what the schema gives is sent. */
  outgoing?: MessageSchema
  /**
   * The topic of a message, for listeners and hooks that ask for one. Called once for each message;
   * `null` and `undefined` give it none.
   *
   * @default the message's `type`
   */
  topicOf?(message: Incoming): Topic | null | undefined
  /**
   * When components render for messages. Listeners are never delayed, and neither is `status`.
   *
   * @default 'sync' for `lastMessage` of `useWebSocket`, `'auto'` for all other hooks
   */
  schedule?: Schedule
  /**
   * How `request` tells which message answers which request: `byId()`, `jsonRpc()`, or `correlate()`
   * for any other convention. The one of the first request counts from then on.
   *
   * @default `byId()` for `createConnection`. Connections made by hooks have none, so that only apps
   * with requests carry the code for them
   */
  requests?: RequestSupport
  /** Called with each inbound message that was refused; the connection stays open. */
  onInvalid?: (invalid: InvalidMessage) => void
  /** Milliseconds an unused connection stays open; `Infinity` keeps it. @default 1000 */
  lingerMs?: number
  /** How binary frames arrive. @default 'arraybuffer' */
  binaryType?: 'arraybuffer' | 'blob'
  /** Gets one line per step of the connection. Nothing is printed without it. */
  logger?: Logger
  /** Replaces parts of the world around the connection: socket, clock, network and page events. */
  environment?: Partial<Environment>
}

/** Options whose schemas say what the types of messages are. */
export type InferredOptions<Incoming, Outgoing, Options = ConnectionOptions> = Omit<
  Options,
  'incoming' | 'outgoing' | 'topicOf'
> & {
  incoming?: Incoming
  outgoing?: Outgoing
  topicOf?(message: SchemaOutput<Incoming>): Topic | null | undefined
}

const defaults = {
  protocols: [] as PerAttempt<string | readonly string[]>,
  params: {} as PerAttempt<UrlParams>,
  connectTimeoutMs: 10_000,
  maxMessageBytes: 16_777_216,
  codec: jsonCodec,
  lingerMs: 1000,
  binaryType: 'arraybuffer' as const,
}

const reconnectDefaults = {
  minDelayMs: 500,
  maxDelayMs: 30_000,
  factor: 2,
  maxAttempts: Infinity,
  stableAfterMs: 5000,
}

const heartbeatDefaults = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: { type: 'ping' } as unknown,
  isPong: (message: unknown): boolean =>
    message === 'pong' || (message as { type?: unknown } | null)?.type === 'pong',
}

const queueDefaults = {
  maxMessages: 1000,
  maxBytes: 1_048_576,
  overflow: 'reject' as const,
  ttlMs: Infinity,
}

const pacingDefaults = { highWaterBytes: 262_144, messagesPerSecond: Infinity, burst: 1 }

type Filled<Options, Defaults> = Readonly<
  Omit<Options, keyof Defaults> & {
    [Name in keyof Options & keyof Defaults]-?: Exclude<Options[Name], undefined>
  }
>

export type ReconnectPolicy = Filled<ReconnectOptions, typeof reconnectDefaults>
export type HeartbeatPolicy = Filled<HeartbeatOptions, typeof heartbeatDefaults>
export type QueuePolicy = Filled<QueueOptions, typeof queueDefaults>
export type PacingPolicy = Filled<PacingOptions, typeof pacingDefaults>

/** Options with every default filled in. */
export interface ResolvedOptions extends Filled<
  Omit<ConnectionOptions, 'reconnect' | 'heartbeat' | 'queue' | 'pacing'>,
  typeof defaults
> {
  readonly reconnect: ReconnectPolicy
  readonly heartbeat: HeartbeatPolicy | false
  readonly queue: QueuePolicy
  readonly pacing: PacingPolicy
  /** The name of an option that cannot work; its default stands in for it. */
  readonly invalidOption: string | undefined
}

export function resolveOptions(options: ConnectionOptions): ResolvedOptions {
  let invalidOption: string | undefined

  /** `undefined` means "not given", as it does for a missing option. */
  function fill<Defaults extends object>(base: Defaults, given?: object | null): Defaults {
    const filled = { ...base } as Record<string, unknown>
    for (const [name, value] of Object.entries(given ?? {})) {
      const isValid = typeof filled[name] !== 'number' || (typeof value === 'number' && value >= 0)
      if (!isValid && value !== undefined) invalidOption = name
      if (isValid && value !== undefined) filled[name] = value
    }
    return filled as Defaults
  }

  const { reconnect, heartbeat = false, queue, pacing } = options
  const filled = fill(defaults, options)
  const beat = heartbeat ? fill(heartbeatDefaults, heartbeat) : false
  const pace = fill(pacingDefaults, pacing)
  return {
    ...filled,
    connectTimeoutMs: filled.connectTimeoutMs || Infinity,
    reconnect: fill(reconnectDefaults, reconnect === false ? { maxAttempts: 0 } : reconnect),
    heartbeat: beat && {
      ...beat,
      intervalMs: beat.intervalMs || Infinity,
      timeoutMs: beat.timeoutMs || Infinity,
    },
    queue: fill(
      queueDefaults,
      queue === false ? { maxMessages: 0, overflow: 'drop-newest' } : queue,
    ),
    pacing: { ...pace, messagesPerSecond: pace.messagesPerSecond || Infinity },
    invalidOption,
  }
}
