/**
 * Pings every client, and drops who has not been heard since the last time: a client whose network
 * has gone does not say goodbye, and would be kept for ever. Browsers answer these pings by
 * themselves; what they do not do is ping the server, which is what wirehook's heartbeat is for.
 *
 * @param {import('ws').WebSocketServer} sockets
 * @param {number} everyMs
 * @returns {() => void} stops it
 */
export function keepAlive(sockets, everyMs) {
  /** @type {WeakSet<import('ws').WebSocket>} */
  const asked = new WeakSet()
  sockets.on('connection', (socket) => {
    const hear = () => asked.delete(socket)
    socket.on('pong', hear).on('message', hear)
  })

  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (asked.has(socket)) socket.terminate()
      else {
        asked.add(socket)
        socket.ping()
      }
    }
  }, everyMs)
  return () => clearInterval(timer)
}
