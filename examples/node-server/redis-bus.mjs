import { createClient } from '@redis/client'
import { historyLength } from './messages.mjs'

/** @typedef {import('./messages.mjs').ChatMessage} ChatMessage */

/** How long a room is kept after the last message. */
const keptSeconds = 24 * 60 * 60

/**
 * In one step, so that whatever ends in between: a message is stored and told, or neither; and told
 * once, also if its sender has sent it again because it saw no echo.
 */
const publishOnce = `
  if not redis.call('SET', KEYS[2], '', 'NX', 'EX', ARGV[3]) then return 0 end
  redis.call('RPUSH', KEYS[1], ARGV[1])
  redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  return redis.call('PUBLISH', KEYS[1], ARGV[1])
`

/**
 * For several servers: each gets what the rooms it has somebody in are told by any of them.
 *
 * @param {string} url
 * @returns {Promise<import('./rooms.mjs').Bus>}
 */
export async function createRedisBus(url) {
  // While Redis is away: better no message now than one that comes when its sender was told that it
  // failed. Subscriptions wait, and are made again by the client itself.
  const commands = createClient({ url, disableOfflineQueue: true })
  const subscriber = createClient({ url })
  const clients = [commands, subscriber]
  for (const client of clients) client.on('error', console.error)
  await Promise.all(clients.map((client) => client.connect()))

  /** @type {Map<import('./rooms.mjs').Listener, (text: string) => void>} */
  const parsers = new Map()

  return {
    async publish(room, message) {
      await commands.eval(publishOnce, {
        keys: [keyOf(room), `${keyOf(room)}:${JSON.stringify([message.author, message.id])}`],
        arguments: [JSON.stringify(message), String(historyLength), String(keptSeconds)],
      })
    },
    async readHistory(room) {
      return (await commands.lRange(keyOf(room), 0, -1)).map(parse)
    },
    async subscribe(room, listener) {
      const onText = (/** @type {string} */ text) => listener(parse(text))
      parsers.set(listener, onText)
      await subscriber.subscribe(keyOf(room), onText)
    },
    async unsubscribe(room, listener) {
      await subscriber.unsubscribe(keyOf(room), parsers.get(listener))
      parsers.delete(listener)
    },
    onReturn(listener) {
      const tell = () => clients.every(({ isReady }) => isReady) && listener()
      for (const client of clients) client.on('ready', tell)
    },
    close: () => clients.forEach((client) => client.destroy()),
  }
}

/** @param {string} room */
function keyOf(room) {
  return `chat:${room}`
}

/** @param {string} text */
function parse(text) {
  return /** @type {ChatMessage} */ (JSON.parse(text))
}
