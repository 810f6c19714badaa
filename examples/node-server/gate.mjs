import { WebSocketServer } from 'ws'

/** @typedef {import('node:http').Server} HttpServer */
/** @typedef {import('node:http').IncomingMessage} Request */

const roomPath = /^\/chat\/([\w-]{1,64})$/

/**
 * Decides who comes in. A page cannot see why an upgrade was refused by HTTP. So only strangers are
 * refused that way; everybody else is let in and closed with a code that says why.
 *
 * @param {HttpServer} http
 * @param {import('./settings.mjs').Settings} settings
 * @param {(socket: import('ws').WebSocket, room: string) => void} welcome
 */
export function openGate(http, settings, welcome) {
  const options = {
    noServer: true,
    // ws itself closes with 1009 on a larger one.
    maxPayload: settings.maxMessageBytes,
    closeTimeout: settings.closeTimeoutMs,
  }
  const sockets = new WebSocketServer(options)

  http.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy())
    if (!http.listening) return refuse(stream, '503 Service Unavailable')
    if (!isFromKnownOrigin(request)) return refuse(stream, '403 Forbidden')
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // ws closes with the right code by itself, and only wants to be listened to.
      socket.on('error', () => {})
      sockets.emit('connection', socket, request)
      const room = roomPath.exec(pathOf(request))?.[1]
      if (!room) return socket.close(4404, 'No such room')
      if (sockets.clients.size > settings.maxClients) return socket.close(1013, 'Full')
      welcome(socket, room)
    })
  })

  /**
   * Browsers send `Origin` with every upgrade, and cookies with it: without this check, any page on
   * the web could connect in the name of its visitors.
   *
   * @param {Request} request
   */
  function isFromKnownOrigin({ headers: { origin } }) {
    return origin !== undefined && settings.origins.includes(origin)
  }

  return sockets
}

/** @param {Request} request */
function pathOf({ url = '/' }) {
  return url.split('?', 1)[0] ?? '/'
}

/**
 * @param {import('node:stream').Duplex} stream
 * @param {string} status
 */
function refuse(stream, status) {
  stream.once('finish', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
