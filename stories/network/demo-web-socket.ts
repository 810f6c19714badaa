import type { OpenWire, Wire } from './wire'

/** What `WebSocket` takes; blobs are left out, for no demo sends any. */
type Sendable = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>

/**
 * A `WebSocket` whose wire the demos choose, so that whatever uses `WebSocket` runs on it unchanged.
 *
 * @param isDemoUrl other addresses get a socket of the browser
 */
export function createDemoWebSocket(
  isDemoUrl: (url: URL) => boolean,
  openWire: OpenWire,
): typeof WebSocket {
  const BrowserWebSocket = globalThis.WebSocket

  class DemoWebSocket extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly CONNECTING = 0
    readonly OPEN = 1
    readonly CLOSING = 2
    readonly CLOSED = 3
    readonly url: string = ''
    readonly extensions = ''
    binaryType: BinaryType = 'blob'
    readyState = 0
    protocol = ''
    onopen: ((event: Event) => void) | null = null
    onmessage: ((event: MessageEvent) => void) | null = null
    onerror: ((event: Event) => void) | null = null
    onclose: ((event: CloseEvent) => void) | null = null
    readonly #wire: Wire | undefined

    constructor(address: string | URL, protocols: string | string[] = []) {
      super()
      const url = new URL(address, document.baseURI)
      url.protocol = url.protocol.replace('http', 'ws')
      // A constructor may give another object than its own.
      if (!isDemoUrl(url)) return new BrowserWebSocket(address, protocols) as unknown as this
      this.url = url.href
      this.#wire = openWire(url, [protocols].flat(), {
        onOpen: (protocol) => {
          if (this.readyState !== this.CONNECTING) return
          this.protocol = protocol
          this.readyState = this.OPEN
          this.#tell('onopen', new Event('open'))
        },
        onFrame: (frame) => {
          if (this.readyState !== this.OPEN) return
          const data = typeof frame === 'string' ? frame : this.#toBinary(frame)
          this.#tell('onmessage', new MessageEvent('message', { data, origin: url.origin }))
        },
        onClose: (code, reason, wasClean) => {
          if (this.readyState === this.CLOSED) return
          this.readyState = this.CLOSED
          if (!wasClean) this.#tell('onerror', new Event('error'))
          this.#tell('onclose', new CloseEvent('close', { code, reason, wasClean }))
        },
      })
    }

    get bufferedAmount(): number {
      return this.#wire?.bufferedAmount ?? 0
    }

    send(data: Sendable): void {
      if (this.readyState === this.CONNECTING) {
        throw new DOMException('Still in CONNECTING state.', 'InvalidStateError')
      }
      if (this.readyState === this.OPEN) this.#wire?.send(toFrame(data))
    }

    close(code?: number, reason?: string): void {
      if (this.readyState >= this.CLOSING) return
      this.readyState = this.CLOSING
      this.#wire?.close(code, reason)
    }

    #toBinary(bytes: Uint8Array<ArrayBuffer>): Blob | ArrayBuffer {
      return this.binaryType === 'blob' ? new Blob([bytes]) : bytes.slice().buffer
    }

    #tell<Name extends 'onopen' | 'onmessage' | 'onerror' | 'onclose'>(
      name: Name,
      event: Parameters<NonNullable<this[Name]>>[0],
    ): void {
      const listener = this[name] as ((event: Event) => void) | null
      listener?.call(this, event)
      this.dispatchEvent(event)
    }
  }

  return DemoWebSocket as unknown as typeof WebSocket
}

function toFrame(data: Sendable): string | Uint8Array<ArrayBuffer> {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0))
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
}
