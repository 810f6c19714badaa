import { readAbortReason } from './abort-reason'
import { redactUrl } from './address'
import { startAttempt, type Attempt, type AttemptHost } from './attempt'
import type { Connection, ConnectionEvents, MessageFilter, Topic, Undo } from './connection'
import {
  statusOf,
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
} from './connection-machine'
import {
  resolveOptions,
  type ConnectionOptions,
  type InferredOptions,
  type InvalidMessage,
  type PerAttempt,
  type ResolvedOptions,
} from './connection-options'
import { createEmitter } from './emitter'
import { browserEnvironment, type Environment } from './environment'
import { WirehookError } from './errors'
import { byteLength } from './frame'
import { guard } from './guard'
import { warnAboutInvalidMessage } from './invalid-message-warning'
import { createLeases } from './leases'
import { runMachine } from './machine-runner'
import { createMessageRouter } from './message-router'
import { createOutbound } from './outbound'
import { createOutbox } from './outbox'
import { createRenderScheduler } from './render-scheduler'
import { byId } from './request-conventions'
import type { MessageSchema, SchemaInput, SchemaIssue, SchemaOutput } from './schema'
import { createSnapshotStore } from './snapshot-store'

/** Room for the reason beside the code in a close frame, in bytes (RFC 6455 §5.5). */
const maxReasonBytes = 123

/**
 * A connection of its own, in or out of React. Nothing happens until somebody takes a lease on it
 * or calls `reconnect()`; hooks hold a lease while they are mounted.
 *
 * The types of messages come from the schemas `incoming` and `outgoing`, or are given:
 * `createConnection<Incoming, Outgoing>(url)`.
 *
 * @param url `ws:`, `wss:`, `http:`, `https:` or, in a page, relative; or a function that is asked
 * for it on every attempt
 * @param options see {@link ConnectionOptions}
 * @returns the connection; a URL or an option that cannot work shows as status `failed` once it opens
 */
export function createConnection<
  const Incoming extends MessageSchema | undefined = undefined,
  const Outgoing extends MessageSchema | undefined = undefined,
>(
  url: PerAttempt<string | URL>,
  options: InferredOptions<Incoming, Outgoing>,
): Connection<SchemaOutput<Incoming>, SchemaInput<Outgoing>>
export function createConnection<Incoming = unknown, Outgoing = unknown>(
  url: PerAttempt<string | URL>,
  options?: ConnectionOptions<Incoming>,
): Connection<Incoming, Outgoing>
export function createConnection(
  url: PerAttempt<string | URL>,
  options: ConnectionOptions = {},
): Connection {
  const complete = { ...options, requests: options.requests ?? byId() }
  return runConnection(
    () => url,
    () => complete,
  )
}

interface InnerEvents extends ConnectionEvents {
  change: () => void
  invalid: (invalid: InvalidMessage) => void
}

/**
 * @param readUrl where the next attempt goes
 * @param readGivenOptions the options as they are now; a new object counts from when it is next read
 * @param onUnused called when the last user has been gone for the linger time
 */
export function runConnection<Incoming, Outgoing>(
  readUrl: () => PerAttempt<string | URL>,
  readGivenOptions: () => ConnectionOptions,
  onUnused = (): void => {},
): Connection<Incoming, Outgoing> {
  const environment: Environment = { ...browserEnvironment, ...readGivenOptions().environment }
  const events = createEmitter<InnerEvents>(environment)
  const router = createMessageRouter(environment, () => readOptions().topicOf)
  const scheduler = createRenderScheduler(environment)
  const store = createSnapshotStore(() => events.emit('change', undefined))
  const outbox = createOutbox({
    environment,
    readOptions,
    onSize: (queued) => store.updateSoon({ queued }),
    onDrop: (dropped) => events.emit('drop', dropped),
    onError: (error) => events.emit('error', error),
  })
  const readShownUrl = (): string => shownUrl || showUrl(readUrl())
  const outbound = createOutbound({ environment, outbox, readOptions, readShownUrl })
  const step = runMachine(environment, readOptions, readShownUrl, onState, perform)
  // Listeners are told when a step is complete, so whatever they call finds a whole connection.
  const dispatch: typeof step = (event) => events.holdWhile(() => step(event))
  const leases = createLeases(
    environment,
    () => readOptions().lingerMs,
    () => dispatch({ type: 'lease-taken' }),
    () => {
      dispatch({ type: 'users-left' })
      outbox.rest()
      onUnused()
    },
  )
  let given: ConnectionOptions | undefined
  let options: ResolvedOptions
  let shownUrl = ''
  let attempt: Attempt
  let invalidMessages = 0

  const host: Omit<AttemptHost, 'report'> = {
    environment,
    readOptions,
    readUrl,
    readShownUrl,
    onAddress: (url) => (shownUrl = redactUrl(url)),
    onLatency: (latencyMs) => store.updateSoon({ latencyMs }),
    onMessage: (message, isVoid) => events.emit('message', message, isVoid),
    onAnswer: outbound.takeAnswer,
    onInvalid(data, error) {
      const issues = Array.isArray(error.cause) ? (error.cause as SchemaIssue[]) : []
      invalidMessages += 1
      if (!readOptions().onInvalid) warnAboutInvalidMessage(error, issues)
      store.updateSoon({ invalidMessages })
      events.emit('invalid', { data, error, issues })
      events.emit('error', error)
    },
  }

  function readOptions(): ResolvedOptions {
    const newest = readGivenOptions()
    if (newest !== given) {
      given = newest
      options = resolveOptions(newest)
    }
    return options
  }

  function onState(state: ConnectionState, event: ConnectionEvent): void {
    const { name, failures, lastClose } = state
    const { logger } = readOptions()
    guard(environment, () => logger?.debug(`[wirehook] ${shownUrl}: ${event.type}, now ${name}`))
    if (name !== 'open') outbox.use(null)
    store.update({
      status: statusOf(state),
      attempt: name === 'open' ? 0 : failures,
      lastClose,
      retryAt: name === 'waiting' ? state.retryAt : null,
      pausedBy: name === 'waiting' ? state.pausedBy : null,
      error: name === 'failed' ? state.error : null,
      ...(name !== 'open' && { latencyMs: null }),
    })
  }

  function connect({ generation, failures, lastClose }: ConnectionState): Attempt {
    // A hook that came later in the same commit may have brought the environment.
    Object.assign(environment, readGivenOptions().environment)
    shownUrl = showUrl(readUrl())
    const report: AttemptHost['report'] = (event) => dispatch({ ...event, generation })
    return startAttempt({ ...host, report }, failures, lastClose)
  }

  function perform(effect: Effect, state: ConnectionState): void {
    const { lastClose } = state
    switch (effect) {
      case 'start-attempt':
        attempt = connect(state)
        return
      case 'announce-open': {
        const socket = attempt.socket ?? null
        outbox.use(socket)
        events.emit('open', { reconnected: !!lastClose, protocol: socket?.protocol ?? '' })
        return attempt.goLive()
      }
      case 'probe':
        return attempt.probe()
      case 'end-attempt':
        return attempt.end(lastClose)
      case 'announce-close':
        outbound.loseAnswers()
        if (lastClose) events.emit('close', lastClose)
        if (lastClose?.error) events.emit('error', lastClose.error)
        return
      case 'announce-failure':
        if (state.name === 'failed') events.emit('error', state.error)
    }
  }

  function on(
    name: keyof ConnectionEvents,
    listener: (payload: never) => void,
    filter: MessageFilter = {},
  ): Undo {
    return router.on(listener, filter) ?? events.on(name, listener as () => void)
  }

  function lease(): Undo {
    // Everybody had left, and now somebody comes back: a close from before counts no more.
    if (!leases.count && store.get().status === 'closed') dispatch({ type: 'users-left' })
    return leases.take()
  }

  // The first of all listeners, so the others find everything as it is after the message.
  events.on('message', (message) => {
    scheduler.noteMessage()
    router.route(message)
  })
  events.on('invalid', (invalid) => readOptions().onInvalid?.(invalid))

  return {
    getSnapshot: store.get,
    getLastMessage: (topic?: Topic) => router.getNewest(topic) as Incoming | undefined,
    subscribe: (listener) => events.on('change', listener),
    on,
    planRender: (render, otherwise = 'auto') =>
      scheduler.plan(render, () => readOptions().schedule ?? otherwise),
    send: outbound.send,
    sendJSON: outbound.sendJSON,
    async request(payload, requestOptions = {}) {
      const { signal } = requestOptions
      if (signal?.aborted) throw readAbortReason(signal)
      // Whoever waits for an answer uses the connection.
      const release = lease()
      try {
        return await outbound.request(payload, requestOptions)
      } finally {
        release()
      }
    },
    reconnect: () => dispatch({ type: 'reconnect-requested' }),
    close(code = 1000, reason = '') {
      // Scripts may use these codes only (WHATWG WebSockets, "close()").
      if (code !== 1000 && !(code >= 3000 && code < 5000)) {
        throw new WirehookError('invalid-option', `close code ${code}`)
      }
      // With nobody there, there is nothing to close, and whoever comes later means to open.
      if (!leases.count && store.get().status === 'idle') return
      dispatch({ type: 'close-requested', code, reason: fitReason(reason) })
    },
    lease,
  }
}

function showUrl(url: PerAttempt<string | URL>): string {
  return typeof url === 'function' ? 'url()' : redactUrl(url)
}

/** The longest beginning of a reason that fits into a close frame, in whole characters. */
function fitReason(reason: string): string {
  const characters = Array.from(reason).slice(0, maxReasonBytes)
  while (byteLength(characters.join('')) > maxReasonBytes) characters.pop()
  return characters.join('')
}
