import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { findNginx, findRedis } from '../../scripts/services.mjs'
import { resolveOptions } from '../../src/core/connection-options'
import { createCertificate } from '../e2e/certificates'
import { openedTimes } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'
import { connectRaw, hears, joinedChat, knows, refusedStatus, say } from './chat-clients'
import { origin, startNodeServer } from './chat-server'
import { neededProgram } from './needed-program'
import { readExample, startNginx, type Changes } from './nginx'
import { findFreePort } from './program'
import { startRedis } from './redis'

const executable = neededProgram('nginx', findNginx())
const redisExecutable = neededProgram('redis-server', findRedis())

/** A node that only counts who is there, and remembers what it was asked. */
async function startCounter() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const requests: IncomingHttpHeaders[] = []
  server.on('connection', (_, { headers }) => requests.push(headers))
  onTestFinished(() => {
    server.clients.forEach((socket) => socket.terminate())
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, clients: server.clients, requests }
}

async function startCounters(changes?: Changes) {
  const [first, second] = await Promise.all([startCounter(), startCounter()])
  const nginx = await startNginx(executable ?? '', [first.port, second.port], changes)
  return { first, second, nginx }
}

describe.skipIf(executable === undefined)('the nginx configuration', () => {
  it('passes upgrades and messages on', async () => {
    const node = await startNodeServer()
    const { roomUrl } = await startNginx(executable ?? '', [node.port, node.port])
    const [ada, bob] = await Promise.all([
      joinedChat(roomUrl, { user: 'ada' }),
      joinedChat(roomUrl, { user: 'bob' }),
    ])
    ada.connection.sendJSON(say('hello'))
    await hears(bob, 'ada: hello')
  })

  it('leaves the check of the origin to the nodes', async () => {
    const node = await startNodeServer()
    const { roomUrl } = await startNginx(executable ?? '', [node.port, node.port])
    expect(await refusedStatus(roomUrl, { origin: 'https://elsewhere.example' })).toBe(403)
  })

  it('tells the nodes who asks, whatever that client claims', async () => {
    const { first, second, nginx } = await startCounters()
    await connectRaw(nginx.roomUrl, { headers: { 'X-Forwarded-For': '203.0.113.7' } })
    expect([...first.requests, ...second.requests]).toMatchObject([
      {
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        host: `127.0.0.1:${nginx.port}`,
        origin,
      },
    ])
  })

  it('cuts an idle socket, and not one with a heartbeat', async () => {
    const node = await startNodeServer({ PING_EVERY_MS: 60_000 })
    const { roomUrl } = await startNginx(executable ?? '', [node.port, node.port], {
      'proxy_read_timeout 60s;': 'proxy_read_timeout 1s;',
    })
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

  it('waits longer than heartbeats take', async () => {
    const [, seconds] = /proxy_read_timeout (\d+)s;/.exec(await readExample('nginx.conf', {})) ?? []
    const { heartbeat } = resolveOptions({ heartbeat: {} })
    const { intervalMs, timeoutMs } = heartbeat || { intervalMs: Infinity, timeoutMs: Infinity }
    expect(Number(seconds) * 1000).toBeGreaterThan(intervalMs + timeoutMs)
  })

  it('limits how many sockets an address has, and gives a place that is left to another', async () => {
    const { nginx } = await startCounters({ 'limit_conn sockets 50;': 'limit_conn sockets 2;' })
    const [first] = [await connectRaw(nginx.roomUrl), await connectRaw(nginx.roomUrl)]
    expect(await refusedStatus(nginx.roomUrl)).toBe(429)
    first.socket.close()
    await first.closed
    await connectRaw(nginx.roomUrl)
  })

  it('limits how fast an address opens sockets', async () => {
    const { nginx } = await startCounters({ 'rate=5r/s;': 'rate=1r/m;', 'burst=50': 'burst=1' })
    for (const _ of [1, 2]) await connectRaw(nginx.roomUrl)
    expect(await refusedStatus(nginx.roomUrl)).toBe(429)
  })

  it('gives the next socket to the node that has the fewest', async () => {
    const { first, second, nginx } = await startCounters()
    const counts = () => [first.clients.size, second.clients.size]
    for (const _ of [1, 2, 3, 4]) await connectRaw(nginx.roomUrl)
    expect(counts()).toEqual([2, 2])
    first.clients.forEach((socket) => socket.close())
    await eventually(() => first.clients.size === 0, 'the first node is empty')
    for (const _ of [1, 2]) await connectRaw(nginx.roomUrl)
    expect(counts()).toEqual([2, 2])
  })

  it('passes over a node that is not there', async () => {
    const node = await startCounter()
    const { roomUrl } = await startNginx(executable ?? '', [await findFreePort(), node.port])
    for (const _ of [1, 2]) await connectRaw(roomUrl)
    expect(node.clients.size).toBe(2)
  })

  it('serves wss with the lines for it, and nothing in clear', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wirehook-tls-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const anHourMs = 3_600_000
    const certificate = createCertificate({
      host: 'chat.test',
      validFrom: new Date(Date.now() - anHourMs),
      validTo: new Date(Date.now() + anHourMs),
    })
    const port = await findFreePort()
    const lines = await readExample('tls.conf', {
      'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
      '/etc/nginx/certificate.pem': `${folder}/certificate.pem`,
      '/etc/nginx/certificate-key.pem': `${folder}/key.pem`,
    })
    await writeFile(join(folder, 'certificate.pem'), certificate.cert)
    await writeFile(join(folder, 'key.pem'), certificate.key)
    await writeFile(join(folder, 'tls.conf'), lines)
    const [redirect = ''] = /server {.+}/.exec(lines) ?? []
    const portInClear = await findFreePort()
    const { first, second } = await startCounters({
      'listen 80;': '',
      '# include tls.conf;': `include ${folder}/tls.conf;`,
      'upstream chat {': `${redirect.replace('80', `127.0.0.1:${portInClear}`)} upstream chat {`,
    })
    expect(await refusedStatus(`ws://127.0.0.1:${portInClear}/chat/lobby`)).toBe(301)
    const trust = { ca: certificate.cert, servername: 'chat.test' }
    await connectRaw(`wss://127.0.0.1:${port}/chat/lobby`, trust)
    expect([...first.requests, ...second.requests]).toMatchObject([
      { 'x-forwarded-proto': 'https', origin },
    ])
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
      const { roomUrl } = await startNginx(executable ?? '', [first.port, second.port])
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
})
