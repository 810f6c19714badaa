import { historyLength } from './messages.mjs'

/** @typedef {import('./messages.mjs').ChatMessage} ChatMessage */
/** @typedef {(message: ChatMessage) => void} Listener */

/**
 * What carries messages to the rooms of a name, on this node and on others, and keeps the newest.
 *
 * @typedef {object} Bus
 * @property {(room: string, message: ChatMessage) => Promise<void>} publish takes the same id of the same author once
 * @property {(room: string) => Promise<ChatMessage[]>} readHistory
 * @property {(room: string, listener: Listener) => Promise<void>} subscribe
 * @property {(room: string, listener: Listener) => Promise<void>} unsubscribe
 * @property {(listener: () => void) => void} onReturn told when it has been away, so that messages may be missing
 * @property {() => void} close
 */

/**
 * What one client can do in a room.
 *
 * @typedef {object} Place
 * @property {(message: ChatMessage) => Promise<void>} say
 * @property {() => Promise<void>} replay tells this client what was said before
 * @property {() => void} leave
 */

/** @typedef {ReturnType<typeof createRooms>} Rooms */

/**
 * The rooms that have somebody in them on this node.
 *
 * @param {Bus} bus
 */
export function createRooms(bus) {
  /** @type {Map<string, ReturnType<typeof openRoom>>} */
  const rooms = new Map()
  bus.onReturn(() => rooms.forEach((room) => room.reload()))

  return {
    /**
     * @param {string} name
     * @param {(frame: string) => void} tell
     * @returns {Place}
     */
    enter(name, tell) {
      const room = rooms.get(name) ?? openRoom(name, bus)
      rooms.set(name, room)
      room.members.add(tell)
      return {
        say: (message) => bus.publish(name, message),
        replay: () => room.replay(tell),
        leave() {
          room.members.delete(tell)
          if (room.members.size > 0) return
          rooms.delete(name)
          room.close()
        },
      }
    },
  }
}

/**
 * Reads the history once for all who come, and follows it: clients that come back all at the same
 * time, as they do after a restart, cost the bus nothing.
 *
 * @param {string} name
 * @param {Bus} bus
 */
function openRoom(name, bus) {
  /** @type {Set<(frame: string) => void>} */
  const members = new Set()
  /** @type {ChatMessage[]} */
  let history = []
  const subscribed = bus.subscribe(name, take)
  let loading = subscribed.then(load)

  /** @param {ChatMessage} message */
  function take(message) {
    history = [...history, message].slice(-historyLength)
    const frame = JSON.stringify(message)
    members.forEach((tell) => tell(frame))
  }

  async function load() {
    // What comes in meanwhile is newer than what is read, or a part of it.
    history = []
    const stored = await bus.readHistory(name)
    const isStored = (/** @type {ChatMessage} */ { id, author }) =>
      stored.some((message) => message.id === id && message.author === author)
    history = [...stored, ...history.filter((message) => !isStored(message))]
  }

  /** @param {Iterable<(frame: string) => void>} clients */
  async function replay(clients) {
    // What has failed is tried again.
    loading = loading.catch(() => subscribed.then(load))
    await loading
    const frame = JSON.stringify({ type: 'history', messages: history })
    for (const tell of clients) tell(frame)
  }

  return {
    members,
    /** @param {(frame: string) => void} tell */
    replay: (tell) => replay([tell]),
    /** For when messages may have passed by. */
    reload() {
      loading = load()
      replay(members).catch(console.error)
    },
    close() {
      bus.unsubscribe(name, take).catch(console.error)
    },
  }
}
