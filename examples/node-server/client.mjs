import { WebSocket } from 'ws'
import { parseClientMessage } from './messages.mjs'
import { createRateLimit } from './rate-limit.mjs'
import { readToken } from './tokens.mjs'

/** `setTimeout` takes no more. */
const longestDelayMs = 2 ** 31 - 1

/**
 * Serves one client: it shows its token first, and from then on it talks with its room.
 *
 * @param {WebSocket} socket
 * @param {string} roomName
 * @param {import('./rooms.mjs').Rooms} rooms
 * @param {import('./settings.mjs').Settings} settings
 */
export function serveClient(socket, roomName, rooms, settings) {
  const mayTalk = createRateLimit(settings.messagesPerSecond, settings.burst)
  /** @type {import('./rooms.mjs').Place | undefined} */
  let place
  let author = ''
  let timer = setTimeout(() => socket.close(4408, 'No token in time'), settings.tokenTimeoutMs)

  socket.on('message', (data, isBinary) => {
    // What was under way when the socket was closed.
    if (socket.readyState !== WebSocket.OPEN) return
    if (!mayTalk()) return socket.close(4429, 'Too many messages')
    const message = isBinary ? null : parseClientMessage(/** @type {Buffer} */ (data).toString())
    if (!message) return socket.close(1008, 'Not a message of this server')
    answer(message).catch(giveUp)
  })
  socket.on('close', () => {
    clearTimeout(timer)
    place?.leave()
  })

  /** @param {import('./messages.mjs').ClientMessage} message */
  async function answer(message) {
    if (message.type === 'ping') return tell('{"type":"pong"}')
    if (message.type === 'auth') return enter(message.token)
    if (!place) return socket.close(4401, 'No token yet')
    if (message.type === 'replay') return place.replay()
    const { id, text } = message
    await place.say({ type: 'message', id, author, text, at: Date.now() })
  }

  /** @param {string} token */
  async function enter(token) {
    const claims = readToken(settings.tokenSecret, token)
    if (!claims || place) return socket.close(4401, 'Token refused')
    clearTimeout(timer)
    // An open socket outlives its token, unless somebody looks at the clock.
    const leftMs = Math.min(claims.expiresAt - Date.now(), longestDelayMs)
    timer = setTimeout(() => socket.close(4401, 'Token expired'), leftMs)
    author = claims.user
    place = rooms.enter(roomName, tell)
    tell('{"type":"auth-ok"}')
    await place.replay()
  }

  /** @param {string} frame */
  function tell(frame) {
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > settings.maxBacklogBytes) socket.close(1013, 'Reads too slowly')
    else socket.send(frame)
  }

  /** @param {unknown} error */
  function giveUp(error) {
    console.error(error)
    socket.close(1013, 'Try again later')
  }
}
