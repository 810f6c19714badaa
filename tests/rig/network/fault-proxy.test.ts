import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MessageEvent } from 'ws'
import { WebSocket } from 'ws'
import { startFaultProxy, type FaultProxyOptions } from './fault-proxy'
import { startLiveServer } from '../live-server'
import { eventually, quietTime } from '../waiting'

async function startProxiedServer(options?: FaultProxyOptions) {
  const server = await startLiveServer()
  const proxy = await startFaultProxy(server.port, options)
  onTestFinished(async () => {
    await proxy.close()
    await server.stop()
  })
  const dial = async () => {
    const socket = new WebSocket(proxy.url)
    const messages: string[] = []
    socket.onmessage = ({ data }: MessageEvent) => messages.push(data as string)
    socket.on('error', () => {})
    await once(socket, 'open')
    return { socket, messages }
  }
  return { server, proxy, dial }
}

describe('a fault proxy', () => {
  it('passes bytes on in both directions and counts links', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket, messages } = await dial()
    socket.send('{"type":"ping"}')
    await eventually(() => messages.length === 1, 'a pong came')
    expect(server.received).toEqual([{ type: 'ping' }])
    expect(proxy).toMatchObject({ openLinks: 1, totalLinks: 1 })
  })

  it('passes a close frame on, after which the link is gone', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    socket.close(4000, 'done')
    await eventually(() => server.closes.length === 1, 'the server closed')
    expect(server.closes).toEqual([{ code: 4000, reason: 'done' }])
    await eventually(() => proxy.openLinks === 0, 'no open link')
  })

  it('resets both sides', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    await dial()
    const client = connect(proxy.port, '127.0.0.1')
    await eventually(() => proxy.totalLinks === 2, 'both are linked')
    proxy.reset()
    expect(await once(client, 'error')).toMatchObject([{ code: 'ECONNRESET' }])
    await eventually(() => server.closes.length === 1, 'the server lost the client')
    expect(server.closes[0]).toMatchObject({ code: 1006 })
  })

  it('finishes both sides without a close frame or an error', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    const client = connect(proxy.port, '127.0.0.1')
    await eventually(() => proxy.totalLinks === 2, 'both are linked')
    const closed = once(socket, 'close')
    const ended = once(client.resume(), 'end')
    proxy.finish()
    expect(await closed).toMatchObject([1006, Buffer.alloc(0)])
    await ended
    await eventually(() => server.closes.length === 1, 'the server lost the client')
    expect(server.closes[0]).toMatchObject({ code: 1006 })
  })

  it('silences one direction and leaves the other alone', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket, messages } = await dial()
    proxy.silence('up')
    socket.send('{"type":"lost"}')
    server.broadcast('heard')
    await eventually(() => messages.length === 1, 'a message came down')
    expect(server.received).toEqual([])
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })

  it('silences present links only, and for good', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const old = await dial()
    proxy.silence('both')
    proxy.heal()
    const fresh = await dial()
    server.broadcast('hello')
    await eventually(() => fresh.messages.length === 1, 'the new link works')
    expect(old.messages).toEqual([])
  })

  it('hides the end of one side from the other while silenced', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    proxy.silence('both')
    await server.stop()
    await quietTime(30)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.terminate()
    await eventually(() => proxy.openLinks === 0, 'the client left')
  })

  it('black-holes new links too until it heals', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    proxy.blackHole('down')
    const lost = new WebSocket(proxy.url)
    lost.on('error', () => {})
    await eventually(() => server.totalConnections === 1, 'the server answered')
    await quietTime(30)
    expect(lost.readyState).toBe(WebSocket.CONNECTING)
    proxy.heal()
    expect((await dial()).socket.readyState).toBe(WebSocket.OPEN)
  })

  it('accepts links it never answers while handshakes hang', async () => {
    const { server, proxy } = await startProxiedServer()
    proxy.hangHandshakes()
    const socket = new WebSocket(proxy.url)
    socket.on('error', () => {})
    await eventually(() => proxy.openLinks === 1, 'the link was accepted')
    await quietTime(30)
    expect(socket.readyState).toBe(WebSocket.CONNECTING)
    expect(server.upgrades).toEqual([])
    socket.terminate()
    await eventually(() => proxy.openLinks === 0, 'the client left')
  })

  it('refuses links and accepts them again on the same port', async () => {
    const { proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    proxy.refuse()
    const refused = once(connect(proxy.port, '127.0.0.1'), 'error')
    expect(await refused).toMatchObject([{ code: 'ECONNREFUSED' }])
    expect(socket.readyState).toBe(WebSocket.OPEN)
    await proxy.accept()
    expect((await dial()).socket.readyState).toBe(WebSocket.OPEN)
  })

  it('delays bytes and keeps their order', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { messages } = await dial()
    const startedAt = performance.now()
    proxy.delay(60, 'down')
    server.broadcast('1')
    await quietTime(5)
    proxy.delay(10, 'down')
    server.broadcast('2')
    await eventually(() => messages.length === 2, 'both came')
    expect(messages).toEqual(['1', '2'])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58)
  })

  it('takes no more bytes a second than it is told', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    proxy.throttle(2_000_000, 'up')
    const startedAt = performance.now()
    for (let n = 0; n < 10; n += 1) socket.send(JSON.stringify('x'.repeat(40_000)))
    await eventually(() => server.received.length === 10, 'all came')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(100)
  })

  it('cuts a link after exactly that many bytes', async () => {
    const { proxy, server } = await startProxiedServer()
    proxy.cutAfter(20, 'down')
    const client = connect(proxy.port, '127.0.0.1')
    const bytes: Buffer[] = []
    client.on('data', (chunk: Buffer) => bytes.push(chunk))
    client.write('not HTTP, so the answer is 400\r\n\r\n')
    await once(client, 'end')
    expect(Buffer.concat(bytes).toString()).toHaveLength(20)
    expect(server.totalConnections).toBe(0)
  })

  it('varies the delay to either side as its seed says, and keeps the order', async () => {
    // After those for the handshake, this seed gives a number near 0, and then one near 1.
    const { server, proxy, dial } = await startProxiedServer({ seed: 53 })
    const { messages } = await dial()
    proxy.delay(600, 'down')
    proxy.jitter(600, 'down')
    const measure = async (frames: readonly string[], last: string): Promise<number> => {
      const startedAt = performance.now()
      frames.forEach(server.broadcast)
      await eventually(() => messages.includes(last), `${last} came`)
      return performance.now() - startedAt
    }
    expect(await measure(['early'], 'early')).toBeLessThan(600)
    expect(await measure(['late'], 'late')).toBeGreaterThan(1000)
    await measure(['one', 'two', 'three', 'four'], 'four')
    expect(messages).toEqual(['early', 'late', 'one', 'two', 'three', 'four'])
  })

  it('lets bytes drip through', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { messages } = await dial()
    proxy.drip(2, 10, 'down')
    const startedAt = performance.now()
    server.broadcast('x'.repeat(18))
    await eventually(() => messages.length === 1, 'it came')
    // Twenty bytes in ten drops, with a wait between two of them.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(9 * 10 - 9)
    expect(messages).toEqual(['x'.repeat(18)])
  })

  it('lets what is left pass at once when it heals while it drips', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { messages } = await dial()
    proxy.drip(1, 50, 'down')
    server.broadcast('x'.repeat(10_000))
    await quietTime(60)
    expect(messages).toEqual([])
    proxy.heal()
    await eventually(() => messages.length === 1, 'it came')
  })

  it('collects what comes one after the other and passes it on in one piece', async () => {
    const received: Buffer[] = []
    const server = createServer((socket) => {
      for (let n = 0; n < 5; n += 1) setTimeout(() => socket.write(`${n}`), n * 20)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = await startFaultProxy((server.address() as AddressInfo).port)
    onTestFinished(async () => {
      await proxy.close()
      server.close()
    })
    proxy.coalesce(1000, 'down')
    const client = connect(proxy.port, '127.0.0.1')
    client.on('data', (bytes: Buffer) => received.push(bytes))
    await eventually(() => Buffer.concat(received).length === 5, 'all came')
    expect(Buffer.concat(received).toString()).toBe('01234')
    // Two, if a moment for passing things on falls between them.
    expect(received.length).toBeLessThanOrEqual(2)
  })

  it('ends links that are idle, and only those', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const present = await dial()
    proxy.endIdleAfter(100)
    const fresh = await dial()
    await eventually(() => server.closes.length === 2, 'both are gone')
    expect(server.closes).toMatchObject([{ code: 1006 }, { code: 1006 }])
    expect([present.socket.readyState, fresh.socket.readyState]).toEqual([
      WebSocket.CLOSED,
      WebSocket.CLOSED,
    ])
  })

  it('counts bytes in either direction as a sign that a link is used', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    proxy.endIdleAfter(500)
    for (let n = 0; n < 4; n += 1) {
      await quietTime(200)
      if (n % 2) server.broadcast('used')
      else socket.send('"used"')
    }
    expect(socket.readyState).toBe(WebSocket.OPEN)
    proxy.heal()
    await quietTime(600)
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })
})

describe('frames that pass a fault proxy', () => {
  it('can be suppressed, replaced and injected on the way down', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { messages } = await dial()
    proxy.suppressFrame(1, 'down')
    proxy.replaceFrame(2, 'down', 'B')
    proxy.injectFrame(3, 'down', 'new')
    for (const frame of ['a', 'b', 'c', 'd']) server.broadcast(frame)
    await eventually(() => messages.length === 4, 'all came')
    expect(messages).toEqual(['B', 'new', 'c', 'd'])
  })

  it('can be suppressed, replaced and injected on the way up', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { socket } = await dial()
    proxy.suppressFrame(1, 'up')
    proxy.replaceFrame(2, 'up', '"B"')
    proxy.injectFrame(3, 'up', Buffer.from([7]))
    for (const frame of ['"a"', '"b"', '"c"', '"d"']) socket.send(frame)
    await eventually(() => server.received.length === 4, 'all came')
    expect(server.received).toEqual(['B', Buffer.from([7]), 'c', 'd'])
  })

  it('wait behind one that is delayed', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    const { messages } = await dial()
    proxy.delayFrame(2, 'down', 60)
    const startedAt = performance.now()
    for (const frame of ['a', 'b', 'c']) server.broadcast(frame)
    await eventually(() => messages.length === 1, 'the first came')
    expect(messages).toEqual(['a'])
    await eventually(() => messages.length === 3, 'all came')
    expect(messages).toEqual(['a', 'b', 'c'])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58)
  })

  it('are counted over all links', async () => {
    const { server, proxy, dial } = await startProxiedServer()
    proxy.suppressFrame(2, 'down')
    const clients = [await dial(), await dial()]
    server.broadcast('hello')
    await eventually(() => clients.some(({ messages }) => messages.length > 0), 'one heard')
    server.broadcast('again')
    await eventually(() => clients.every(({ messages }) => messages.includes('again')), 'all did')
    expect(clients.flatMap(({ messages }) => messages).toSorted()).toEqual([
      'again',
      'again',
      'hello',
    ])
  })
})
