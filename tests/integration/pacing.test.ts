import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createConnection, type ConnectionOptions } from '../../src/core'
import { eventually } from '../rig/waiting'

const windowMs = 1000
const pacing = { messagesPerSecond: 20, burst: 5 }

/** A little more than the pacing lets out, for messages may be held up and arrive together. */
const limit = 30

/** Messages in the second that ends with the newest one. */
function countNewest(arrivals: readonly number[]): number {
  const newest = arrivals.at(-1) ?? 0
  return arrivals.filter((at) => newest - at < windowMs).length
}

/** A server with flood protection: too many messages in any second, and the socket is closed. */
async function startStrictServer() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  const received: unknown[] = []
  const perSecond: number[] = []
  server.on('connection', (socket) => {
    const arrivals: number[] = []
    socket.on('message', (data: Buffer) => {
      received.push(JSON.parse(data.toString()))
      arrivals.push(performance.now())
      perSecond.push(countNewest(arrivals))
      if (countNewest(arrivals) > limit) socket.close(1008, 'flood')
    })
  })
  await once(server, 'listening')
  onTestFinished(() => {
    server.clients.forEach((socket) => socket.terminate())
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, received, perSecond }
}

async function connectTo(port: number, options: ConnectionOptions = {}) {
  const connection = createConnection(`ws://127.0.0.1:${port}/`, {
    lingerMs: 0,
    environment: { createSocket: (url, protocols) => new WebSocket(url, protocols) },
    ...options,
  })
  onTestFinished(connection.lease())
  await eventually(() => connection.getSnapshot().status === 'open', 'open')
  return connection
}

const numbers = Array.from({ length: 45 }, (_, n) => n)

it('keeps within what a strict server allows in any second', async () => {
  const { port, received, perSecond } = await startStrictServer()
  const connection = await connectTo(port, { pacing })
  const results = numbers.map((n) => connection.sendJSON(n))
  expect(results.filter((result) => result === 'sent')).toHaveLength(pacing.burst)
  await Promise.resolve()
  expect(connection.getSnapshot().queued).toBe(numbers.length - pacing.burst)
  await eventually(() => received.length === numbers.length, 'all have arrived')
  expect(received).toEqual(numbers)
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(limit)
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 0, lastClose: null })
})

it('is needed by such a server, which closes on whoever sends all at once', async () => {
  const { port } = await startStrictServer()
  const connection = await connectTo(port)
  numbers.forEach((n) => connection.sendJSON(n))
  await eventually(() => connection.getSnapshot().status === 'failed', 'failed')
  expect(connection.getSnapshot().lastClose).toMatchObject({ code: 1008, reason: 'flood' })
})
