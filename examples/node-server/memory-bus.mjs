import { historyLength } from './messages.mjs'

/** @typedef {import('./messages.mjs').ChatMessage} ChatMessage */

/** Rooms whose messages are kept; the one that was quiet for longest is forgotten. */
const maxRooms = 1000

/**
 * For a server that is alone. What was said is gone when it ends.
 *
 * @returns {import('./rooms.mjs').Bus}
 */
export function createMemoryBus() {
  /** @type {Map<string, ChatMessage[]>} */
  const histories = new Map()
  /** @type {Map<string, import('./rooms.mjs').Listener>} */
  const listeners = new Map()

  /**
   * @param {string} room
   * @param {ChatMessage} message
   */
  function take(room, message) {
    const history = histories.get(room) ?? []
    const { id, author } = message
    if (history.some((earlier) => earlier.id === id && earlier.author === author)) return
    histories.delete(room)
    histories.set(room, [...history, message].slice(-historyLength))
    const [quietest] = histories.keys()
    if (histories.size > maxRooms && quietest !== undefined) histories.delete(quietest)
    listeners.get(room)?.(message)
  }

  return {
    publish: (room, message) => Promise.resolve(take(room, message)),
    readHistory: (room) => Promise.resolve(histories.get(room) ?? []),
    subscribe(room, listener) {
      listeners.set(room, listener)
      return Promise.resolve()
    },
    unsubscribe(room) {
      listeners.delete(room)
      return Promise.resolve()
    },
    onReturn() {},
    close() {},
  }
}
