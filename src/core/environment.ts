/**
 * What happens to the page and its network, as far as it concerns a connection:
 * - `network-lost`: the platform says there is no network
 * - `woken`: the network or the page came back, or the page can be seen again
 * - `page-cached`: the page went into the back/forward cache and may come back from it
 */
export type PageEvent = 'network-lost' | 'woken' | 'page-cached'

/** The part of `WebSocket` a connection uses. */
export interface SocketLike {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  readonly protocol: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  send(data: string | ArrayBuffer | ArrayBufferView | Blob): void
  close(code?: number, reason?: string): void
}

/**
 * The world around a connection. Everything global that is not pure goes through here, so tests move
 * time and network by hand, and other platforms bring their own parts.
 */
export interface Environment {
  /** Opens a socket; `new WebSocket` unless replaced. */
  createSocket(url: string, protocols: string[]): SocketLike
  /** Milliseconds since 1970. */
  now(): number
  /** Calls back once after a delay in milliseconds; returns what cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void
  /** Calls back once, when the page draws its next frame, or soon if it draws none; returns what cancels it. */
  setFrame(callback: () => void): () => void
  /** A number from 0 up to but not including 1. */
  random(): number
  /** The address that relative URLs are resolved against, if there is one. */
  baseUrl(): string | undefined
  /** `false` only if the network is known to be gone. */
  isOnline(): boolean
  /** `true` if nobody can see the page. */
  isHidden(): boolean
  /** Tells about page events until the returned function is called. */
  watchPage(notify: (event: PageEvent) => void): () => void
  /** Reports what a listener threw, as an uncaught error. */
  reportError(error: unknown): void
}

/** The longest delay `setTimeout` takes; anything above would fire at once. */
const longestDelayMs = 2 ** 31 - 1

/** How long a frame may take where frames are drawn; pages out of sight draw none. */
const slowFrameMs = 1000

/** The usual length of a frame, where nothing is drawn. Browsers stretch it in hidden pages. */
const frameMs = 16

/** The browser's world. Nothing global is touched before one of these functions is called. */
export const browserEnvironment: Environment = {
  createSocket: (url, protocols) => new WebSocket(url, protocols),
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, longestDelayMs))
    return () => clearTimeout(timer)
  },
  setFrame(callback) {
    const isDrawn = 'requestAnimationFrame' in globalThis && !globalThis.document?.hidden
    const frame = isDrawn ? requestAnimationFrame(run) : 0
    // The page may be hidden before the frame comes.
    const timer = setTimeout(run, isDrawn ? slowFrameMs : frameMs)
    function cancel(): void {
      if (isDrawn) cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
    function run(): void {
      cancel()
      callback()
    }
    return cancel
  },
  random: () => Math.random(),
  baseUrl: () => globalThis.location?.href,
  isOnline: () => globalThis.navigator?.onLine !== false,
  isHidden: () => globalThis.document?.hidden === true,
  watchPage(notify) {
    const watch = new AbortController()
    // React Native has a window without addEventListener, and no document.
    const listen = (
      target: EventTarget | undefined,
      type: string,
      listener: (event: Event) => void,
    ) => target?.addEventListener?.(type, listener, { signal: watch.signal })
    const wake = (): void => notify('woken')
    const { document } = globalThis
    listen(globalThis, 'offline', () => notify('network-lost'))
    listen(globalThis, 'online', wake)
    listen(globalThis, 'pageshow', (event) => (event as PageTransitionEvent).persisted && wake())
    listen(globalThis, 'pagehide', (event) => {
      if ((event as PageTransitionEvent).persisted) notify('page-cached')
    })
    listen(document, 'visibilitychange', () => document.hidden || wake())
    // The end of a freeze is not always a change of visibility.
    listen(document, 'resume', wake)
    return () => watch.abort()
  },
  reportError(error) {
    setTimeout(() => {
      throw error
    })
  },
}
