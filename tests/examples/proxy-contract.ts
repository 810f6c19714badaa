import { expect, it } from 'vitest'
import { findRedis } from '../../scripts/services.mjs'
import { resolveOptions } from '../../src/core/connection-options'
import { findFreePort } from '../rig/free-port'
import { openedTimes } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'
import { connectRaw, hears, joinedChat, knows, refusedStatus, say } from './chat-clients'
import { origin, startNodeServer } from './chat-server'
import { neededProgram } from './needed-program'
import {
  startCounters,
  writeCertificate,
  type Certificate,
  type Changes,
  type StartProxy,
} from './proxy'
import { startRedis } from './redis'

const redisExecutable = neededProgram('redis-server', findRedis())

/** What every proxy of the examples does for the nodes behind it. */
export function itStandsBetweenClientsAndNodes(startProxy: StartProxy): void {
  it('passes upgrades and messages on', async () => {
    const node = await startNodeServer()
    const { roomUrl } = await startProxy([node.port, node.port])
    const [ada, bob] = await Promise.all([
      joinedChat(roomUrl, { user: 'ada' }),
      joinedChat(roomUrl, { user: 'bob' }),
    ])
    ada.connection.sendJSON(say('hello'))
    await hears(bob, 'ada: hello')
  })

  it('leaves the check of the origin to the nodes', async () => {
    const node = await startNodeServer()
    const { roomUrl } = await startProxy([node.port, node.port])
    expect(await refusedStatus(roomUrl, { origin: 'https://elsewhere.example' })).toBe(403)
  })

  it('tells the nodes who asks, whatever that client claims', async () => {
    const { first, second, proxy } = await startCounters(startProxy)
    const claims = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' }
    await connectRaw(proxy.roomUrl, { headers: claims })
    expect([...first.requests, ...second.requests]).toMatchObject([
      {
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        host: `127.0.0.1:${proxy.port}`,
        origin,
      },
    ])
  })

  it('gives the next socket to the node that has the fewest', async () => {
    const { first, second, proxy } = await startCounters(startProxy)
    const counts = () => [first.clients.size, second.clients.size]
    for (const _ of [1, 2, 3, 4]) await connectRaw(proxy.roomUrl)
    expect(counts()).toEqual([2, 2])
    first.clients.forEach((socket) => socket.close())
    await eventually(() => first.clients.size === 0, 'the first node is empty')
    for (const _ of [1, 2]) await connectRaw(proxy.roomUrl)
    expect(counts()).toEqual([2, 2])
  })

  it('passes over a node that has just gone', async () => {
    const { first, second, proxy } = await startCounters(startProxy)
    await first.end()
    for (const _ of [1, 2]) await connectRaw(proxy.roomUrl)
    expect(second.clients.size).toBe(2)
  })

  it.skipIf(redisExecutable === undefined)(
    'brings the clients of a node that ends to the other one, where they miss nothing',
    async () => {
      const redis = await startRedis(redisExecutable ?? '')
      const settings = { REDIS_URL: redis.url, DRAIN_MS: 50 }
      const [first, second] = await Promise.all([
        startNodeServer(settings),
        startNodeServer(settings),
      ])
      const { roomUrl } = await startProxy([first.port, second.port])
      const members = [
        await joinedChat(roomUrl, { user: 'ada' }),
        await joinedChat(roomUrl, { user: 'bob' }),
      ]
      await first.program.end()
      const [moved, stayed] = members.toSorted((a, b) => b.closes.length - a.closes.length)
      if (!moved || !stayed) throw new Error('There were two.')
      expect(moved.closes).toMatchObject([{ code: 1012, by: 'server', wasClean: true }])
      stayed.connection.sendJSON(say('said meanwhile'))
      await openedTimes(moved, 2)
      await eventually(() => knows(moved).includes('said meanwhile'), 'it has caught up')
      expect(stayed.closes).toEqual([])
    },
  )
}

/** What a proxy does that has a time-out for sockets on which nothing moves. */
export function itCutsIdleSockets(startProxy: StartProxy, shortTimeout: Changes): void {
  it('cuts an idle socket, and not one with a heartbeat', async () => {
    const node = await startNodeServer({ PING_EVERY_MS: 60_000 })
    const { roomUrl } = await startProxy([node.port, node.port], shortTimeout)
    const heartbeat = { intervalMs: 300, timeoutMs: 500 }
    const [idle, alive] = await Promise.all([
      joinedChat(roomUrl, { reconnect: false }),
      joinedChat(roomUrl, { heartbeat }),
    ])
    await eventually(() => idle.closes.length === 1, 'the idle one was cut')
    expect(idle.closes).toMatchObject([{ code: 1006, by: 'network' }])
    expect(idle.closes[0]?.openForMs).toBeGreaterThan(900)
    await quietTime(1000)
    expect(alive.closes).toEqual([])
  })

  it('waits longer than heartbeats take', () => {
    const seconds = Object.keys(shortTimeout).map((line) => Number(/(\d+)s/.exec(line)?.[1]))
    const { heartbeat } = resolveOptions({ heartbeat: {} })
    const { intervalMs, timeoutMs } = heartbeat || { intervalMs: Infinity, timeoutMs: Infinity }
    expect(Math.min(...seconds) * 1000).toBeGreaterThan(intervalMs + timeoutMs)
  })
}

/** What a proxy does that counts sockets by address, both limits set to two. */
export function itLimitsAddresses(
  startProxy: StartProxy,
  { atOnce, inARow }: { readonly atOnce: Changes; readonly inARow: Changes },
): void {
  it('limits how many sockets an address has, and gives a place that is left to another', async () => {
    const { proxy } = await startCounters(startProxy, atOnce)
    const [first] = [await connectRaw(proxy.roomUrl), await connectRaw(proxy.roomUrl)]
    expect(await refusedStatus(proxy.roomUrl)).toBe(429)
    first.socket.close()
    await first.closed
    await connectRaw(proxy.roomUrl)
  })

  it('limits how fast an address opens sockets', async () => {
    const { proxy } = await startCounters(startProxy, inARow)
    for (const _ of [1, 2]) await connectRaw(proxy.roomUrl)
    expect(await refusedStatus(proxy.roomUrl)).toBe(429)
  })
}

/** What a proxy does that has been given a certificate. */
export function itServesWss(
  startProxy: StartProxy,
  secure: (port: number, certificate: Certificate) => Changes | Promise<Changes>,
): void {
  it('serves wss with a certificate, and tells the nodes', async () => {
    const certificate = await writeCertificate()
    const port = await findFreePort()
    const { first, second } = await startCounters(startProxy, await secure(port, certificate))
    await connectRaw(`wss://127.0.0.1:${port}/chat/lobby`, certificate.trust)
    expect([...first.requests, ...second.requests]).toMatchObject([
      { 'x-forwarded-proto': 'https', origin },
    ])
  })
}
