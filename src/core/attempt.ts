import { toAddress } from './address'
import type { CloseInfo, FrameData } from './connection'
import type { AttemptReport, Ending } from './connection-machine'
import type { AttemptContext, PerAttempt, ResolvedOptions } from './connection-options'
import { warnInDevelopment } from './development-warning'
import type { Environment, SocketLike } from './environment'
import { WirehookError, type WirehookErrorCode } from './errors'
import { checkFrame, encodeFrame, isFrameData } from './frame'
import { guard } from './guard'
import { createHandshakeInbox, type HandshakeInbox } from './handshake'
import { startHeartbeat, type Heartbeat } from './heartbeat'
import { createInbound } from './inbound'
import { createSequence, isPromise } from './sequence'
import { createTimer } from './timer'

/** One try at a connection, and the socket it leads to. It ends as a whole. */
export interface Attempt {
  /** The socket, once its report `opened` was made. */
  readonly socket: SocketLike | undefined
  /** Hands over messages from now on, those that came early first, and watches the link. */
  goLive(): void
  /** Asks the other side for a sign of life, with a short deadline, if a heartbeat is configured. */
  probe(): void
  /**
   * Aborts what is under way, lets go of the socket and closes it without waiting for the browser,
   * whose own close can take a minute when the other side is mute.
   */
  end(close: CloseInfo | null): void
}

/** The connection, as an attempt sees it. */
export interface AttemptHost {
  readonly environment: Environment
  readOptions(): ResolvedOptions
  readUrl(): PerAttempt<string | URL>
  /** The URL as it may be shown in messages. */
  readShownUrl(): string
  onAddress(url: string): void
  report(event: AttemptReport): void
  /** @param isVoid whether nobody wants to hear of it any more */
  onMessage(message: unknown, isVoid: () => boolean): void
  /** Whether the message answers a request, and is for nobody else. */
  onAnswer(message: unknown): boolean
  onInvalid(data: unknown, error: WirehookError): void
  onLatency(latencyMs: number): void
}

/** Far above what a handshake needs; a server that sends more before it does not take part in one. */
const maxMessagesBeforeOpen = 1000

/** `WebSocket.CLOSED`. */
const closedState = 3

/** How long the close after an error may take: engines that make a task of its own for it need little. */
const overdueMs = 1000

/** How long reading what came before a close may take at most. */
const lastWordsMs = 10_000

export function startAttempt(
  host: AttemptHost,
  attempt: number,
  lastClose: CloseInfo | null,
): Attempt {
  const { environment, readOptions, report } = host
  const abort = new AbortController()
  const context: AttemptContext = { attempt, lastClose, signal: abort.signal }
  const timer = createTimer(environment)
  const overdue = createTimer(environment)
  const sendInOrder = createSequence(environment)
  const inbound = createInbound({
    ...host,
    intercept,
    keep,
    onMessage: (message) => host.onMessage(message, () => abort.signal.aborted),
    onInvalid(frame, error) {
      if (!abort.signal.aborted) host.onInvalid(frame, error)
    },
  })
  let socket: SocketLike | undefined
  let heartbeat: Heartbeat | undefined
  let isProven = false
  /** Gone once the connection is open, and with it what it has kept. */
  let inbox: HandshakeInbox | undefined = createHandshakeInbox(abort.signal)

  function problem(code: WirehookErrorCode, cause?: unknown): WirehookError {
    return new WirehookError(code, host.readShownUrl(), cause)
  }

  function explainRefusal(error: unknown): WirehookError {
    if (error instanceof WirehookError) return error
    // These are the browser's, and their texts show the whole URL.
    const { name } = Object(error) as { name?: unknown }
    const isAboutUrl = name === 'SyntaxError' || name === 'SecurityError'
    return isAboutUrl ? problem('invalid-url') : problem('no-websocket', error)
  }

  function fail(code: WirehookErrorCode, cause?: unknown): void {
    const error = problem(code, cause)
    end({ code: null, reason: '', wasClean: false, by: 'client', error })
  }

  function ignore(): void {}

  function lose(): void {
    end({ code: null, reason: '', wasClean: false, by: 'network', error: null })
  }

  function end(ending: Ending): void {
    report({ type: 'ended', ending, isProven })
  }

  /** Goes on with the result of a step, unless it fails or takes too long. */
  function step<Result>(code: WirehookErrorCode, work: () => Promise<Result>): Promise<Result> {
    timer.set(environment.now() + readOptions().connectTimeoutMs, () => fail(code))
    return new Promise((resolve) => {
      work().then(resolve, (cause: unknown) => fail(code, cause))
    })
  }

  async function ask<Value>(part: PerAttempt<Value>): Promise<Value> {
    return typeof part === 'function'
      ? (part as (context: AttemptContext) => Value | Promise<Value>)(context)
      : part
  }

  async function connect(): Promise<void> {
    if (abort.signal.aborted) return
    const { params, protocols, handshake, binaryType, invalidOption } = readOptions()
    if (invalidOption) throw new WirehookError('invalid-option', invalidOption)
    const askAll = () => Promise.all([ask(host.readUrl()), ask(params), ask(protocols)])
    const address = toAddress(...(await step('address-failed', askAll)), environment.baseUrl())
    if (abort.signal.aborted) return
    host.onAddress(address.url)
    report({ type: 'address-found' })
    const dialled = environment.createSocket(address.url, address.protocols)
    socket = dialled
    dialled.binaryType = binaryType
    dialled.onmessage = ({ data }: { data: unknown }) => guard(environment, () => receive(data))
    // It says nothing that the close after it does not; but where a content security policy forbids
    // the address, Chromium tells no close.
    dialled.onerror = () => {
      if (dialled.readyState === closedState) overdue.set(environment.now() + overdueMs, lose)
    }
    dialled.onclose = ({ code, reason, wasClean }: CloseEvent) => {
      const by = code === 1006 ? 'network' : 'server'
      dialled.onerror = ignore
      overdue.stop()
      const finish = (): void => end({ code, reason, wasClean, by, error: null })
      // What came before the close still counts, unless reading it takes for ever.
      const patienceMs = Math.min(readOptions().connectTimeoutMs, lastWordsMs)
      timer.set(environment.now() + patienceMs, finish)
      inbound.afterwards(finish)
    }
    await step('connect-timeout', () => new Promise((resolve) => (dialled.onopen = resolve)))
    if (abort.signal.aborted) return
    if (handshake && inbox) {
      const tools = { ...context, send, sendJSON, receive: inbox.receive }
      await step('handshake-failed', async () => handshake(tools))
    }
    timer.stop()
    isProven ||= !!handshake
    report({ type: 'opened' })
  }

  function send(data: FrameData): void {
    socket?.send(checkFrame(data))
  }

  function sendJSON(value: unknown): void {
    const frame = encodeFrame(value, readOptions().codec)
    const known = isPromise(frame)
      ? frame.catch((error) => {
          environment.reportError(error)
        })
      : frame
    sendInOrder(known, (encoded) => encoded !== undefined && send(encoded))
  }

  function sendBeat(value: unknown): void {
    if (isFrameData(value)) send(value)
    else sendJSON(value)
  }

  /** Whether the message belongs to the heartbeat, or to somebody who asked for it, and to nobody else. */
  function intercept(message: unknown, waitedMs: number | null): boolean {
    // What was read too late is for nobody any more.
    if (abort.signal.aborted || host.onAnswer(message)) return true
    const policy = readOptions().heartbeat
    if (!policy) return false
    if (policy.isPong(message)) {
      if (waitedMs !== null) host.onLatency(waitedMs)
      return true
    }
    const answer = policy.reply?.(message)
    if (answer === undefined) return false
    sendBeat(answer)
    return true
  }

  /** What comes before the connection is open is for the handshake first. */
  function keep(message: unknown): boolean {
    if (!inbox) return false
    if (inbox.deliver(message) > maxMessagesBeforeOpen) fail('handshake-failed')
    return true
  }

  function receive(data: unknown): void {
    isProven = true
    inbound.receive(data, heartbeat?.hear() ?? null)
  }

  // Not at once: the user's functions may call anything, and have to find a complete step.
  Promise.resolve()
    .then(connect)
    .catch((reason: unknown) => {
      const error = explainRefusal(reason)
      // Nothing but the code of the app can mend this, and who shows only the status would not see why.
      warnInDevelopment(error.message)
      report({ type: 'refused', error })
    })

  return {
    get socket() {
      return socket
    },
    goLive() {
      const policy = readOptions().heartbeat
      const sendPing = (): void => {
        const { ping } = readOptions().heartbeat || {}
        guard(environment, () =>
          sendBeat(typeof ping === 'function' ? (ping as () => unknown)() : ping),
        )
      }
      if (policy) {
        heartbeat = startHeartbeat(policy, environment, sendPing, () => fail('heartbeat-timeout'))
      }
      const early = inbox?.waiting
      inbox = undefined
      early?.forEach(inbound.release)
    },
    probe: () => heartbeat?.doubt(),
    end(close) {
      abort.abort()
      timer.stop()
      overdue.stop()
      heartbeat?.stop()
      if (!socket) return
      socket.onopen = socket.onmessage = socket.onclose = null
      // Unobserved, `ws` in Node throws it.
      socket.onerror = ignore
      // Only a close of ours has a code we may use; a reason without a code is refused by browsers.
      if (close?.by !== 'client') return
      if (close.code === null) socket.close()
      else socket.close(close.code, close.reason)
    },
  }
}
