import type { Client, Service } from './client.js'

/** One of many messages. Their numbers start at 1 for each socket, and leave none out. */
export interface Tick {
  readonly type: 'tick'
  readonly number: number
  /** From 0 to 100, and the same for the same number. */
  readonly value: number
}

const mostPerSecond = 5000
const largestBurst = 10_000
const everyMs = 10

/** After a pause of the server, at most this much is made up for. */
const longestPauseMs = 500

/**
 * Sends ticks: `{ type: 'rate', perSecond: 2000 }` until told otherwise, and on
 * `{ type: 'burst', count: 1000 }` that many at once.
 */
export function createStreamService(): Service {
  const streams = new Map<Client, Stream>()
  return {
    onJoin: (client) => void streams.set(client, createStream(client)),
    onMessage(client, { type, perSecond, count }) {
      if (type === 'rate') streams.get(client)?.flow(upTo(mostPerSecond, perSecond))
      else if (type === 'burst') streams.get(client)?.send(upTo(largestBurst, count))
      else client.close(1008, 'Unknown type')
    },
    onLeave(client) {
      streams.get(client)?.flow(0)
      streams.delete(client)
    },
    close: () => streams.forEach((stream) => stream.flow(0)),
  }
}

interface Stream {
  send(count: number): void
  flow(perSecond: number): void
}

function createStream(client: Client): Stream {
  let timer: ReturnType<typeof setInterval> | undefined
  let number = 0

  function send(count: number): void {
    for (let sent = 0; sent < count; sent += 1) {
      number += 1
      const tick: Tick = { type: 'tick', number, value: (number * 37) % 101 }
      client.tell(tick)
    }
  }

  return {
    send,
    flow(perSecond) {
      clearInterval(timer)
      if (perSecond === 0) return
      let lastAt = Date.now()
      let due = 0
      timer = setInterval(() => {
        const passedMs = Math.min(Date.now() - lastAt, longestPauseMs)
        lastAt = Date.now()
        due += (passedMs * perSecond) / 1000
        send(Math.floor(due))
        due %= 1
      }, everyMs)
    },
  }
}

function upTo(most: number, value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(most, value) : 0
}
