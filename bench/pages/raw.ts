import { queueAddress, watchFlush } from './flushing'
import { parse, type Message } from './message'
import { measureRoundTrips } from './round-trips'
import { order, sockets } from './sockets'
import { settled, signal } from './time'
import { start, type Parameters, type Prepared } from './workload'

/** A bare socket without React: what the browser and the server take by themselves. */
start({ burst, echo, flush })

async function open(url: string): Promise<WebSocket> {
  const opened = signal()
  const socket = new WebSocket(url)
  socket.onopen = () => opened.resolve()
  await opened.promise
  await settled()
  return socket
}

async function burst(parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages')
  const done = signal<number>()
  const socket = await open(parameters.server)
  socket.onmessage = ({ data }) => {
    const message: Message = parse(data)
    if (message.index === count - 1) done.resolve(performance.now())
  }
  return {
    async run() {
      const startedAt = performance.now()
      order({ do: 'burst', count, topics: 1 })
      const timeMs = (await done.promise) - startedAt
      await settled()
      return { timeMs, renders: 0 }
    },
  }
}

async function echo(parameters: Parameters): Promise<Prepared> {
  let onEcho = (): void => {}
  const socket = await open(parameters.server)
  socket.onmessage = ({ data }) => {
    if ('echo' in parse(data)) onEcho()
  }
  return {
    run: () =>
      measureRoundTrips(parameters, (index) => {
        socket.send(JSON.stringify({ echo: index }))
        return new Promise((resolve) => {
          onEcho = resolve
        })
      }),
  }
}

async function flush(parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages')
  const flushed = watchFlush()
  await settled()
  return {
    async run() {
      const socket = new WebSocket(queueAddress(parameters))
      const queue: string[] = []
      socket.onopen = () => {
        for (const text of queue) socket.send(text)
      }
      const startedAt = performance.now()
      for (let index = 0; index < count; index += 1) queue.push(JSON.stringify({ queued: index }))
      const enqueueMs = performance.now() - startedAt
      return { ...(await flushed), enqueueMs, sockets: sockets.length }
    },
  }
}
