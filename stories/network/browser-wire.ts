import type { OpenWire } from './wire'

const BrowserWebSocket = globalThis.WebSocket

/** A real socket. */
export const openBrowserWire: OpenWire = (url, protocols, events) => {
  const socket = new BrowserWebSocket(url, [...protocols])
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => events.onOpen(socket.protocol)
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    events.onFrame(typeof data === 'string' ? data : new Uint8Array(data))
  }
  socket.onclose = ({ code, reason, wasClean }) => events.onClose(code, reason, wasClean)
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
  }
}
