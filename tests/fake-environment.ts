import { setImmediate } from 'node:timers/promises'
import type { Environment, FrameData, PageEvent, SocketLike } from 'wirehook/core'

/** A `WebSocket` whose other side is the test. Nothing happens on it unless the test says so. */
export interface FakeSocket extends SocketLike {
  readonly url: string
  readonly protocols: readonly string[]
  /** Set by the test: bytes the network has not taken yet. */
  bufferedAmount: number
  /** The frames that went out, in order. */
  readonly sent: readonly FrameData[]
  /** The same for text that is JSON, parsed. */
  sentJSON(): unknown[]
  /** What this side passed to `close()`, or `null` if it did not close. */
  readonly closedBy: { readonly code?: number; readonly reason?: string } | null

  /** The server accepts, and picks a subprotocol. Resolves when what follows has settled. */
  open(protocol?: string): Promise<void>
  /** The server sends a value as JSON text. */
  receive(value: unknown): void
  /** The server sends a frame as it is. */
  receiveFrame(data: unknown): void
  /** The server closes with a close frame. */
  closeWith(code: number, reason?: string): void
  /** The connection breaks: an error, and a close with 1006. */
  cut(): void
  /** Fails without a close event, as where a content security policy forbids the address. */
  lose(): void
}

/**
 * A world around connections that only the test moves. Pass it as the option `environment`; its
 * functions need no `this`, so parts of it can be replaced by spreading.
 */
export interface FakeEnvironment extends Environment {
  /** Every socket that was made, newest last. */
  readonly sockets: readonly FakeSocket[]
  /** What listeners threw. */
  readonly reportedErrors: readonly unknown[]
  /** The newest socket; throws if there is none yet. */
  newestSocket(): FakeSocket
  /** How many sockets are neither closed nor closing. */
  countLiveSockets(): number
  countTimers(): number
  countPageWatchers(): number

  /**
   * Lets promises settle, then moves the clock and fires the timers that fall due on the way, each
   * at its time. `advance(0)` only settles.
   */
  advance(durationMs: number): Promise<void>
  /** Moves the clock as a sleeping computer does: timers that fall due fire late, in the next `advance`. */
  sleep(durationMs: number): void
  /** What `random()` returns from now on; 0.5 at first. */
  setRandom(value: number): void
  /** The network goes, and the page is told. */
  goOffline(): void
  /** The network comes back, and the page is told. */
  goOnline(): void
  /** Nobody can see the page any more. */
  hide(): void
  /** Somebody sees the page again. */
  show(): void
  /** The page is told that it may have been away. */
  wake(): void
  /** The page goes into the back/forward cache. */
  cachePage(): void
}

export interface FakeEnvironmentOptions {
  /** What relative URLs are resolved against. */
  baseUrl?: string
  /** Is around everything the test makes happen; tests of components pass React's `act`. */
  act?: Act
}

/** How long after it was asked for a frame is drawn. */
export const frameMs = 16

type Act = (work: () => void | Promise<void>) => unknown

interface FakeTimer {
  readonly dueAt: number
  readonly callback: () => void
}

/** Sockets, clock, network and page, all in the hands of the test. Starts online, visible, in 2001. */
export function createFakeEnvironment({
  baseUrl,
  act = (work) => work(),
}: FakeEnvironmentOptions = {}): FakeEnvironment {
  const sockets: FakeSocket[] = []
  const reportedErrors: unknown[] = []
  const timers = new Set<FakeTimer>()
  const watchers = new Set<(event: PageEvent) => void>()
  let now = 1_000_000_000_000
  let randomValue = 0.5
  let isOnline = true
  let isHidden = false

  function tellPage(event: PageEvent): void {
    void act(() => [...watchers].forEach((notify) => notify(event)))
  }

  function findDueTimer(until: number): FakeTimer | undefined {
    return [...timers]
      .filter(({ dueAt }) => dueAt <= until)
      .reduce<FakeTimer | undefined>(
        (first, timer) => (first && first.dueAt <= timer.dueAt ? first : timer),
        undefined,
      )
  }

  async function moveClock(until: number): Promise<void> {
    await settle()
    const timer = findDueTimer(until)
    if (!timer) {
      now = until
      return
    }
    timers.delete(timer)
    now = Math.max(now, timer.dueAt)
    timer.callback()
    await moveClock(until)
  }

  return {
    sockets,
    reportedErrors,
    newestSocket() {
      const newest = sockets.at(-1)
      if (!newest) throw new Error('No socket has been made yet.')
      return newest
    },
    countLiveSockets: () => sockets.filter(({ readyState }) => readyState < closing).length,
    countTimers: () => timers.size,
    countPageWatchers: () => watchers.size,

    createSocket(url, protocols) {
      const socket = createFakeSocket(url, protocols, act)
      sockets.push(socket)
      return socket
    },
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { dueAt: now + delayMs, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    setFrame(callback) {
      const timer = { dueAt: now + frameMs, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    random: () => randomValue,
    baseUrl: () => baseUrl,
    isOnline: () => isOnline,
    isHidden: () => isHidden,
    watchPage(notify) {
      const watcher = (event: PageEvent): void => notify(event)
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    reportError: (error) => reportedErrors.push(error),

    advance: async (durationMs) => {
      await act(() => moveClock(now + durationMs))
    },
    sleep(durationMs) {
      now += durationMs
    },
    setRandom(value) {
      randomValue = value
    },
    goOffline() {
      isOnline = false
      tellPage('network-lost')
    },
    goOnline() {
      isOnline = true
      tellPage('woken')
    },
    hide() {
      isHidden = true
    },
    show() {
      isHidden = false
      tellPage('woken')
    },
    wake: () => tellPage('woken'),
    cachePage: () => tellPage('page-cached'),
  }
}

/** A turn of the event loop comes after all promises that can settle by themselves. */
async function settle(): Promise<void> {
  await setImmediate()
}

/** The values of `readyState`. */
const connecting = 0
const open = 1
const closing = 2
const closed = 3

function createFakeSocket(url: string, protocols: string[], act: Act): FakeSocket {
  const sent: FrameData[] = []
  let readyState = connecting
  let protocol = ''
  let closedBy: FakeSocket['closedBy'] = null

  const socket: FakeSocket = {
    url,
    protocols,
    sent,
    binaryType: 'blob',
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    get readyState() {
      return readyState
    },
    get protocol() {
      return protocol
    },
    get closedBy() {
      return closedBy
    },
    sentJSON: () => sent.map((data): unknown => JSON.parse(data as string)),
    send(data) {
      if (readyState === connecting) {
        throw new DOMException('Still in CONNECTING state.', 'InvalidStateError')
      }
      if (readyState === open) sent.push(data)
    },
    close(code, reason) {
      const isAllowed = code === 1000 || (code !== undefined && code >= 3000 && code < 5000)
      // As Chromium does: a reason without a code stands for the code 0.
      if (!isAllowed && (code !== undefined || reason !== undefined)) {
        throw new DOMException(`Scripts may not close with ${code}.`, 'InvalidAccessError')
      }
      closedBy ??= { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) }
      readyState = Math.max(readyState, closing)
    },

    async open(chosen = '') {
      expectState(connecting)
      readyState = open
      protocol = chosen
      await act(async () => {
        fire(socket.onopen, {})
        await settle()
      })
    },
    receive: (value) => socket.receiveFrame(JSON.stringify(value)),
    receiveFrame(data) {
      // Messages still come in while the closing handshake is under way.
      expectState(open, closing)
      fire(socket.onmessage, { data })
    },
    closeWith(code, reason = '') {
      expectState(open, closing)
      readyState = closed
      fire(socket.onclose, { code, reason, wasClean: true })
    },
    lose() {
      expectState(connecting, open)
      readyState = closed
      fire(socket.onerror, {})
    },
    cut() {
      expectState(connecting, open, closing)
      readyState = closed
      fire(socket.onerror, {})
      fire(socket.onclose, { code: 1006, reason: '', wasClean: false })
    },
  }

  function expectState(...allowed: number[]): void {
    if (!allowed.includes(readyState)) {
      throw new Error(`A socket with readyState ${readyState} cannot do this.`)
    }
  }

  function fire(handler: ((event: never) => void) | null, event: object): void {
    void act(() => handler?.(event as never))
  }

  return socket
}
