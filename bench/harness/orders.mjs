/**
 * What a page may ask the server for.
 *
 * @typedef {{ do: 'burst', count: number, topics: number }} Burst as fast as it goes
 * @typedef {{ do: 'stream', perSecond: number, seconds: number, topics: number }} Stream
 * @typedef {{ do: 'ticks', count: number, everyMs: number }} Ticks one message at a time
 * @typedef {{ do: 'finish' }} Finish to be told when all that was asked for before has been sent
 * @typedef {{ do: 'mute' }} Mute this link is dead from now on, and neither side is told
 *
 * @typedef {Burst | Stream | Ticks | Finish | Mute} Order
 */

/** How often a stream sends what is due. */
const streamStepMs = 5

/**
 * @param {import('ws').WebSocket} socket
 * @param {import('node:net').Socket} stream
 * @param {number} expected how many numbered messages there will be; their sender is told when it has all
 * @returns {(order: Order | undefined, text: string) => void}
 */
export function orders(socket, stream, expected) {
  let arrived = 0
  let streaming = Promise.resolve()
  let isInOrder = true

  /** @param {number} from @param {number} to @param {number} topics */
  function sendPrices(from, to, topics) {
    stream.cork()
    for (let index = from; index < to; index += 1) socket.send(price(index, topics))
    stream.uncork()
  }

  /**
   * @param {Stream} order
   * @param {() => void} onEnd
   */
  function startStream({ perSecond, seconds, topics }, onEnd) {
    const startedAt = performance.now()
    let sent = 0
    const timer = setInterval(() => {
      const elapsedSeconds = Math.min((performance.now() - startedAt) / 1000, seconds)
      const due = Math.floor(elapsedSeconds * perSecond)
      sendPrices(sent, due, topics)
      sent = due
      if (elapsedSeconds < seconds && socket.readyState === socket.OPEN) return
      clearInterval(timer)
      onEnd()
    }, streamStepMs)
  }

  /** @param {Ticks} order */
  function startTicks({ count, everyMs }) {
    let sent = 0
    const timer = setInterval(() => {
      sendPrices(sent, sent + 1, 1)
      sent += 1
      if (sent >= count || socket.readyState !== socket.OPEN) clearInterval(timer)
    }, everyMs)
  }

  /** @param {string} text */
  function countIn(text) {
    isInOrder &&= text === `{"queued":${arrived}}`
    arrived += 1
    if (arrived === expected) socket.send(JSON.stringify({ arrived, isInOrder }))
  }

  return (order, text) => {
    if (order?.do === 'burst') sendPrices(0, order.count, order.topics)
    else if (order?.do === 'stream') streaming = new Promise((end) => startStream(order, end))
    else if (order?.do === 'finish') void streaming.then(() => socket.send('{"finished":1}'))
    else if (order?.do === 'ticks') startTicks(order)
    else if (order?.do === 'mute') socket.pause()
    else if (text.startsWith('{"queued":')) countIn(text)
    else if (text.startsWith('{"ping":')) socket.send('{"pong":1}')
    else socket.send(text)
  }
}

/**
 * A message as a market would send it: about 70 bytes.
 *
 * @param {number} index
 * @param {number} topics
 */
function price(index, topics) {
  const cents = (10_000 + ((index * 7919) % 5000)) / 100
  return `{"type":"price","topic":"T${index % topics}","index":${index},"price":${cents},"size":${(index % 9) + 1}}`
}
