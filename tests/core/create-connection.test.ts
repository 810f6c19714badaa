import { describe, expect, it, vi } from 'vitest'
import type { Codec } from '../../src/core/codec'
import type { CloseInfo, Connection, Schedule } from '../../src/core/connection'
import type { ConnectionOptions } from '../../src/core/connection-options'
import { createConnection } from '../../src/core/create-connection'
import { WirehookError } from '../../src/core/errors'
import { createFakeEnvironment, type FakeEnvironment, type FakeSocket } from '../fake-environment'
import { recordConnection, url } from './recorded-connection'

describe('opening', () => {
  it('does nothing until somebody takes a lease', async () => {
    const { connection, environment } = recordConnection()
    await environment.advance(60_000)
    expect(connection.getSnapshot().status).toBe('idle')
    expect(environment.sockets).toEqual([])
    expect([environment.countTimers(), environment.countPageWatchers()]).toEqual([0, 0])
  })

  it('begins in a microtask after the first lease', async () => {
    const { connection, environment } = recordConnection()
    connection.lease()
    expect(connection.getSnapshot().status).toBe('idle')
    await Promise.resolve()
    expect(connection.getSnapshot().status).toBe('connecting')
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url])
  })

  it('makes one socket for any number of leases', async () => {
    const { start, environment } = recordConnection()
    await start()
    await start()
    expect(environment.sockets).toHaveLength(1)
  })

  it('begins also when asked to reconnect, without a lease', async () => {
    const { connection, environment } = recordConnection()
    connection.reconnect()
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(1)
  })

  it('tells what was picked, and whether it was open before', async () => {
    const { start, reopen, environment, opens } = recordConnection({ protocols: ['v2', 'v1'] })
    await start()
    await environment.newestSocket().open('v1')
    environment.newestSocket().cut()
    await reopen()
    expect(opens).toEqual([
      { reconnected: false, protocol: 'v1' },
      { reconnected: true, protocol: '' },
    ])
  })

  it('shows its whole course in the snapshot', async () => {
    const { open, connection, environment, statuses } = recordConnection()
    expect(connection.getSnapshot()).toEqual({
      status: 'idle',
      attempt: 0,
      retryAt: null,
      pausedBy: null,
      lastClose: null,
      error: null,
      latencyMs: null,
      queued: 0,
      invalidMessages: 0,
    })
    const socket = await open()
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', attempt: 0 })
    await environment.advance(70)
    socket.closeWith(1001, 'restart')
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      attempt: 1,
      retryAt: environment.now() + 275,
      pausedBy: null,
      lastClose: {
        code: 1001,
        reason: 'restart',
        wasClean: true,
        by: 'server',
        openForMs: 70,
        at: environment.now(),
        error: null,
      },
    })
    await environment.advance(275)
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      attempt: 1,
      retryAt: null,
    })
    await environment.newestSocket().open()
    expect(connection.getSnapshot()).toMatchObject({
      status: 'open',
      attempt: 0,
      lastClose: { code: 1001 },
    })
    expect(statuses).toEqual(['connecting', 'open', 'reconnecting', 'open'])
  })
})

describe('retrying', () => {
  it('waits with jitter, and for longer each time', async () => {
    const { start, environment, connection } = recordConnection()
    environment.setRandom(0.999)
    await start()
    const delays: number[] = []
    for (let round = 0; round < 4; round += 1) {
      environment.newestSocket().cut()
      const delayMs = (connection.getSnapshot().retryAt ?? 0) - environment.now()
      delays.push(Math.round(delayMs))
      await environment.advance(delayMs - 1)
      expect(environment.sockets).toHaveLength(round + 1)
      await environment.advance(1)
      expect(environment.sockets).toHaveLength(round + 2)
    }
    expect(delays).toEqual([500, 999, 1998, 3996])
  })

  it('pauses while offline and goes on within 500 ms', async () => {
    const { open, connection, environment } = recordConnection()
    const socket = await open()
    environment.goOffline()
    socket.cut()
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      pausedBy: 'offline',
      retryAt: null,
    })
    expect(environment.countTimers()).toBe(0)
    await environment.advance(3_600_000)
    expect(environment.sockets).toHaveLength(1)
    environment.goOnline()
    expect(connection.getSnapshot()).toMatchObject({ pausedBy: null })
    await environment.advance(250)
    expect(environment.sockets).toHaveLength(2)
  })

  it('makes its first attempt also when the platform says it is offline', async () => {
    const { start, environment } = recordConnection()
    environment.goOffline()
    await start()
    expect(environment.sockets).toHaveLength(1)
  })

  it('pauses after 5 minutes that nobody saw, and goes on when somebody looks (R6)', async () => {
    const { start, connection, environment } = recordConnection({ connectTimeoutMs: 1000 })
    environment.hide()
    await start()
    await environment.advance(290_000)
    expect(connection.getSnapshot().pausedBy).toBeNull()
    await environment.advance(60_000)
    expect(connection.getSnapshot()).toMatchObject({ pausedBy: 'hidden', retryAt: null })
    const tried = environment.sockets.length
    await environment.advance(3_600_000)
    expect(environment.sockets).toHaveLength(tried)
    expect(environment.countTimers()).toBe(0)
    environment.show()
    await environment.advance(500)
    expect(environment.sockets).toHaveLength(tried + 1)
  })

  it('fails with what was decided, and starts over when asked', async () => {
    const { open, connection, environment, errors, log } = recordConnection()
    const socket = await open()
    socket.closeWith(4403, 'forbidden')
    expect(connection.getSnapshot()).toMatchObject({
      status: 'failed',
      retryAt: null,
      error: { code: 'closed-for-good' },
      lastClose: { code: 4403, reason: 'forbidden' },
    })
    expect(log).toEqual(['open', 'close', 'error'])
    expect(errors).toEqual([connection.getSnapshot().error])
    await environment.advance(3_600_000)
    expect(environment.sockets).toHaveLength(1)
    connection.reconnect()
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      attempt: 0,
      error: null,
    })
  })

  it('a page that cannot be watched is reported, and the connection opens', async () => {
    const environment = createFakeEnvironment()
    vi.spyOn(environment, 'watchPage').mockImplementation(() => {
      throw new Error('no page')
    })
    const connection = createConnection(url, { environment })
    connection.lease()
    await environment.advance(0)
    await environment.sockets[0]?.open()
    expect(connection.getSnapshot().status).toBe('open')
    expect(environment.reportedErrors).toContainEqual(new Error('no page'))
  })

  it('a decide that throws is reported, and the rules for close codes count', async () => {
    const { open, connection, environment } = recordConnection({
      reconnect: {
        decide() {
          throw new Error('decide')
        },
      },
    })
    const socket = await open()
    socket.cut()
    expect(environment.reportedErrors).toMatchObject([{ message: 'decide' }])
    expect(connection.getSnapshot().status).toBe('reconnecting')
  })

  it('a close() from within decide wins (R2)', async () => {
    const { open, connection, environment } = recordConnection({
      reconnect: {
        decide() {
          connection.close()
          return 'retry'
        },
      },
    })
    const socket = await open()
    socket.cut()
    await environment.advance(60_000)
    expect(connection.getSnapshot().status).toBe('closed')
    expect(environment.sockets).toHaveLength(1)
  })
})

describe('the back/forward cache (R5)', () => {
  it('closes the socket with 1000, and the page comes back with a new one', async () => {
    const { open, connection, environment, closes } = recordConnection()
    const socket = await open()
    const { onclose } = socket
    environment.cachePage()
    expect(socket.closedBy).toMatchObject({ code: 1000 })
    expect(environment.countTimers()).toBe(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', pausedBy: 'hidden' })
    environment.wake()
    onclose?.({ code: 1006, reason: '', wasClean: false } as never)
    await environment.advance(500)
    expect(environment.sockets).toHaveLength(2)
    expect(closes).toMatchObject([{ code: 1000, by: 'client' }])
  })
})

describe('close()', () => {
  it('while nobody is there does not keep whoever comes from opening', async () => {
    const { open, connection } = recordConnection()
    connection.close()
    expect(connection.getSnapshot().status).toBe('idle')
    await open()
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('counts no more once everybody has left and somebody comes back', async () => {
    const { start, connection, environment } = recordConnection()
    const release = await start()
    connection.close()
    release()
    await start()
    expect(environment.sockets).toHaveLength(2)
    expect(connection.getSnapshot().status).toBe('connecting')
  })

  it('before the microtask in which it would open keeps it closed', async () => {
    const { start, connection, environment } = recordConnection()
    const started = start()
    connection.close()
    await started
    expect(connection.getSnapshot().status).toBe('closed')
    expect(environment.sockets).toEqual([])
  })

  it('closes with 1000 and nothing brings it back but reconnect()', async () => {
    const { open, start, connection, environment, closes, statuses } = recordConnection()
    const socket = await open()
    connection.close()
    expect(socket.closedBy).toEqual({ code: 1000, reason: '' })
    expect(closes).toMatchObject([{ code: 1000, by: 'client', wasClean: false, error: null }])
    environment.goOffline()
    environment.goOnline()
    environment.cachePage()
    environment.wake()
    await start()
    await environment.advance(3_600_000)
    expect(environment.sockets).toHaveLength(1)
    expect(statuses).toEqual(['connecting', 'open', 'closed'])
    connection.reconnect()
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
  })

  it('counts until everybody has left and somebody comes back', async () => {
    const { start, connection, environment } = recordConnection()
    const release = await start()
    connection.close()
    release()
    await environment.advance(1000)
    expect(connection.getSnapshot().status).toBe('idle')
    await start()
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', lastClose: null })
    expect(environment.sockets).toHaveLength(2)
  })

  it('hands code and reason on', async () => {
    const { open, connection } = recordConnection()
    const socket = await open()
    connection.close(4000, 'done')
    expect(socket.closedBy).toEqual({ code: 4000, reason: 'done' })
    expect(connection.getSnapshot().lastClose).toMatchObject({ code: 4000, reason: 'done' })
  })

  it.each([3000, 3999, 4000, 4999])('takes %i', async (code) => {
    const { open, connection } = recordConnection()
    const socket = await open()
    connection.close(code)
    expect(socket.closedBy).toMatchObject({ code })
  })

  it.each([0, 999, 1001, 1005, 1006, 2999, 5000, 65_536, -1, NaN, Infinity])(
    'throws for %d, which scripts may not use, and changes nothing',
    async (code) => {
      const { open, connection } = recordConnection()
      const socket = await open()
      expect(() => connection.close(code)).toThrow(
        expect.objectContaining({
          code: 'invalid-option',
          message: expect.stringContaining(`(close code ${code})`) as string,
        }) as WirehookError,
      )
      expect(connection.getSnapshot().status).toBe('open')
      expect(socket.closedBy).toBeNull()
    },
  )

  it.each([
    ['short', 'short'],
    ['x'.repeat(123), 'x'.repeat(123)],
    ['x'.repeat(124), 'x'.repeat(123)],
    ['é'.repeat(62), 'é'.repeat(61)],
    [`${'x'.repeat(120)}😀`, 'x'.repeat(120)],
    [`${'x'.repeat(119)}😀!`, `${'x'.repeat(119)}😀`],
    ['😀'.repeat(100), '😀'.repeat(30)],
  ])('cuts a reason to 123 bytes, in whole characters (%s)', async (reason, sent) => {
    const { open, connection } = recordConnection()
    const socket = await open()
    connection.close(1000, reason)
    expect(socket.closedBy?.reason).toBe(sent)
    expect(connection.getSnapshot().lastClose?.reason).toBe(sent)
  })

  it('keeps the queue', async () => {
    const { start, connection, environment } = recordConnection()
    connection.send('kept')
    await start()
    connection.close()
    expect(connection.send('also')).toBe('queued')
    connection.reconnect()
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['kept', 'also'])
  })

  it('cuts a wait', async () => {
    const { open, connection, environment } = recordConnection()
    const socket = await open()
    socket.cut()
    connection.close()
    expect(connection.getSnapshot()).toMatchObject({ status: 'closed', retryAt: null })
    expect(environment.countTimers()).toBe(0)
  })

  it('closes a socket that is still connecting', async () => {
    const { start, connection, environment } = recordConnection()
    await start()
    connection.close()
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })
})

describe('reconnect()', () => {
  it('replaces an open socket', async () => {
    const { open, connection, environment, statuses, closes } = recordConnection()
    const socket = await open()
    connection.reconnect()
    await environment.advance(0)
    expect(socket.closedBy).toMatchObject({ code: 1000 })
    expect(environment.countLiveSockets()).toBe(1)
    await environment.newestSocket().open()
    expect(statuses).toEqual(['connecting', 'open', 'reconnecting', 'open'])
    expect(closes).toMatchObject([{ code: 1000, by: 'client' }])
  })

  it('cuts a wait and counts from 0', async () => {
    const { open, connection, environment } = recordConnection()
    const socket = await open()
    socket.closeWith(1013)
    expect(connection.getSnapshot().attempt).toBe(1)
    connection.reconnect()
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    expect(connection.getSnapshot()).toMatchObject({ attempt: 0, retryAt: null })
    await environment.advance(9999)
    expect(environment.sockets).toHaveLength(2)
  })

  it('replaces a socket that hangs', async () => {
    const { start, connection, environment } = recordConnection()
    await start()
    connection.reconnect()
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    expect(environment.countLiveSockets()).toBe(1)
  })

  it('called several times at once makes one new socket', async () => {
    const { open, connection, environment } = recordConnection()
    await open()
    for (let n = 0; n < 5; n += 1) connection.reconnect()
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
  })
})

describe('sending', () => {
  it('queues until the connection is open, then keeps the order', async () => {
    const { start, connection, environment } = recordConnection()
    expect(connection.send('1')).toBe('queued')
    await start()
    expect(connection.sendJSON({ n: 2 })).toBe('queued')
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(2)
    const socket = environment.newestSocket()
    await socket.open()
    expect(connection.send('3')).toBe('sent')
    expect(socket.sent).toEqual(['1', '{"n":2}', '3'])
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('encodes at once, so that changing the value later has no effect', async () => {
    const { start, connection, environment } = recordConnection()
    const value = { n: 1 }
    const bytes = new Uint8Array([1])
    connection.sendJSON(value)
    connection.send(bytes)
    value.n = 2
    bytes[0] = 2
    await start()
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['{"n":1}', new Uint8Array([1])])
  })

  it.each([
    ['send', { not: 'a frame' }],
    ['send', undefined],
    ['send', 7],
    ['sendJSON', undefined],
    ['sendJSON', 1n],
    ['sendJSON', () => 1],
  ] as const)('%s(%o) throws encode-failed and takes no place', async (method, value) => {
    const { start, connection, environment } = recordConnection()
    connection.send('kept')
    expect(() => connection[method](value as never)).toThrow(
      expect.objectContaining({ code: 'encode-failed' }) as WirehookError,
    )
    await start()
    await environment.newestSocket().open()
    expect(() => connection[method](value as never)).toThrow(/encode-failed/)
    expect(environment.newestSocket().sent).toEqual(['kept'])
  })

  it('throws encode-failed for a value that throws whatever is asked of it', () => {
    const { connection } = recordConnection()
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(() => connection.sendJSON(proxy)).toThrow(/encode-failed/)
  })

  it('takes a value with a method "then" for a value, not for a promise', async () => {
    const { open, connection } = recordConnection()
    const socket = await open()
    const value = new Map<string, unknown>([['then', () => {}]]).set('n', 1)
    expect(connection.sendJSON(Object.fromEntries(value))).toBe('sent')
    expect(socket.sent).toEqual(['{"n":1}'])
  })

  it('throws queue-full, and what was queued before is still there', async () => {
    const { start, connection, environment, drops } = recordConnection({
      queue: { maxMessages: 2 },
    })
    connection.send('1')
    connection.send('2')
    expect(() => connection.send('3')).toThrow(
      expect.objectContaining({ code: 'queue-full' }) as WirehookError,
    )
    await start()
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['1', '2'])
    expect(drops).toEqual([])
  })

  it('tells what was accepted and will not be sent', async () => {
    const { start, connection, environment, drops } = recordConnection({
      queue: { maxMessages: 2, overflow: 'drop-oldest' },
    })
    connection.send('overflow')
    connection.send('expired', { ttlMs: 100 })
    connection.send('failed')
    await environment.advance(100)
    await start()
    const socket = environment.newestSocket()
    socket.send = () => {
      throw new Error('refused')
    }
    await socket.open()
    expect(drops).toEqual([
      { data: 'overflow', reason: 'overflow' },
      { data: 'expired', reason: 'expired' },
      { data: 'failed', reason: 'failed' },
    ])
  })

  it('waits for room and shows how much waits', async () => {
    const { open, connection, environment } = recordConnection({ pacing: { highWaterBytes: 10 } })
    const socket = await open()
    socket.bufferedAmount = 10
    expect(connection.send('waits')).toBe('queued')
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 1 })
    socket.bufferedAmount = 0
    await environment.advance(10)
    expect(socket.sent).toEqual(['waits'])
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('of a thousand messages changes the snapshot once', async () => {
    const { connection, environment } = recordConnection()
    let changes = 0
    connection.subscribe(() => (changes += 1))
    for (let n = 0; n < 1000; n += 1) connection.send('x')
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(1000)
    expect(changes).toBe(1)
  })

  it('keeps the queue over a lost socket, and sends nothing twice', async () => {
    const { open, reopen, connection } = recordConnection()
    const first = await open()
    connection.send('1')
    first.cut()
    connection.send('2')
    const second = await reopen()
    expect([first.sent, second.sent]).toEqual([['1'], ['2']])
  })
})

describe('listeners', () => {
  it('that throw stop neither the others nor the socket (R8)', async () => {
    const { connection, environment, open, messages, log } = recordConnection()
    const names = ['open', 'message', 'close', 'error', 'drop'] as const
    for (const name of names) {
      connection.on(name, () => {
        throw new Error(name)
      })
    }
    connection.subscribe(() => {
      throw new Error('change')
    })
    connection.send('x', { ttlMs: 0 })
    const socket = await open()
    socket.receive(1)
    socket.receiveFrame('malformed')
    socket.receive(2)
    socket.closeWith(1000)
    connection.on('message', () => messages.push('late'))
    expect(log).toEqual(['drop', 'open', 'message', 'error', 'message', 'close'])
    expect(messages).toEqual([1, 2])
    const reported = environment.reportedErrors.map((error) => (error as Error).message)
    expect(reported.filter((name) => name !== 'change')).toEqual(log)
    expect(reported).toContain('change')
    expect(connection.getSnapshot().status).toBe('reconnecting')
  })

  it('find the new state when they are told', async () => {
    const { connection, environment, open } = recordConnection()
    const seen: unknown[] = []
    const note = (): unknown => seen.push(connection.getSnapshot().status)
    for (const name of ['open', 'close', 'error'] as const) connection.on(name, note)
    const socket = await open()
    expect(connection.getSnapshot().status).toBe('open')
    socket.cut()
    await environment.advance(275)
    environment.newestSocket().cut()
    connection.close()
    expect(seen).toEqual(['open', 'reconnecting', 'reconnecting'])
  })

  it('see the newest message as the last one', async () => {
    const { connection, open } = recordConnection()
    const seen: unknown[] = []
    connection.on('message', (message) => seen.push([message, connection.getLastMessage()]))
    const socket = await open()
    socket.receive(1)
    socket.receive(2)
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('of the snapshot are never called for a message', async () => {
    const { connection, open } = recordConnection()
    const socket = await open()
    let changes = 0
    connection.subscribe(() => (changes += 1))
    const before = connection.getSnapshot()
    for (let n = 0; n < 100; n += 1) socket.receive(n)
    expect(changes).toBe(0)
    expect(connection.getSnapshot()).toBe(before)
  })
})

describe('messages', () => {
  it('have the topic that topicOf gives, told once for each of them (R7)', async () => {
    const topicOf = vi.fn((message: unknown) => (message as { symbol?: string }).symbol)
    const { open, connection } = recordConnection({ topicOf })
    const told: unknown[] = []
    for (const topic of ['AAPL', 'MSFT']) {
      connection.on('message', () => told.push(topic), { topic })
      connection.on('message', () => told.push(`${topic} again`), { topic })
    }
    const socket = await open()
    socket.receive({ symbol: 'AAPL' })
    expect(told).toEqual(['AAPL', 'AAPL again'])
    expect(connection.getLastMessage('AAPL')).toEqual({ symbol: 'AAPL' })
    expect(topicOf).toHaveBeenCalledTimes(1)
  })

  it('call nobody who asked for another topic, however many do (R7)', async () => {
    const { open, connection } = recordConnection()
    let calls = 0
    for (let n = 0; n < 1000; n += 1) {
      connection.on('message', () => (calls += 1), { topic: `topic ${n}` })
    }
    const socket = await open()
    for (let n = 0; n < 100; n += 1) socket.receive({ type: 'topic 7' })
    expect(calls).toBe(100)
  })

  it('that came together are told one after the other, also if a listener sends or closes', async () => {
    const { open, connection } = recordConnection()
    const told: unknown[] = []
    connection.on('message', () => connection.sendJSON('answer'), { topic: 'a' })
    connection.on('message', () => connection.close(), { topic: 'b' })
    connection.on('message', (message) => told.push(message))
    connection.on('close', () => told.push('close'))
    const socket = await open()
    for (const type of ['a', 'b', 'c']) if (socket.onmessage) socket.receive({ type })
    expect(told).toEqual([{ type: 'a' }, { type: 'b' }, 'close'])
    expect(socket.sentJSON()).toEqual(['answer'])
  })

  it('wait for the codec, and are not told once nobody wants them', async () => {
    const decode = async (data: unknown): Promise<unknown> => Promise.resolve(data)
    const { open, connection, environment, messages, log } = recordConnection({
      codec: { encode: JSON.stringify, decode },
    })
    const socket = await open()
    socket.receiveFrame('1')
    socket.receiveFrame('2')
    expect(messages).toEqual([])
    await environment.advance(0)
    expect(messages).toEqual(['1', '2'])
    socket.receiveFrame('3')
    connection.close()
    await environment.advance(0)
    expect(log).toEqual(['open', 'message', 'message', 'close'])
  })

  it('that are refused are counted, and told to onInvalid before the error event (R9)', async () => {
    const told: unknown[] = []
    const { open, connection, environment } = recordConnection({
      maxMessageBytes: 5,
      onInvalid: ({ data, error, issues }) => told.push([data, error.code, issues]),
    })
    connection.on('error', ({ code }) => told.push(code))
    const socket = await open()
    socket.receiveFrame('{')
    socket.receiveFrame('123456')
    await environment.advance(0)
    expect(told).toEqual([
      ['{', 'malformed-message', []],
      'malformed-message',
      ['123456', 'message-too-large', []],
      'message-too-large',
    ])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 2 })
  })

  it('that are refused go on being counted on the next socket', async () => {
    const { open, reopen, connection, environment } = recordConnection({ onInvalid() {} })
    const socket = await open()
    socket.receiveFrame('{')
    socket.cut()
    const next = await reopen()
    next.receiveFrame('{')
    await environment.advance(0)
    expect(connection.getSnapshot().invalidMessages).toBe(2)
  })

  it('that are refused stop nothing if onInvalid throws, which is reported (R8)', async () => {
    const error = new Error('onInvalid')
    const { open, environment, messages, errors } = recordConnection({
      onInvalid() {
        throw error
      },
    })
    const socket = await open()
    socket.receiveFrame('{')
    socket.receiveFrame('1')
    expect(errors).toHaveLength(1)
    expect(messages).toEqual([1])
    expect(environment.reportedErrors).toEqual([error])
  })

  it.each([true, false])(
    'that are refused are warned about unless onInvalid is there (%s)',
    async (isThere) => {
      const warn = vi.spyOn(console, 'warn').mockReturnValue()
      const host = `wss://refused-${isThere}.example/`
      const { open } = recordConnection(isThere ? { onInvalid() {} } : {}, host)
      const socket = await open()
      for (let n = 0; n < 3; n += 1) socket.receiveFrame('{')
      const texts = warn.mock.calls.map(([text]) => String(text))
      warn.mockRestore()
      expect(texts.filter((text) => text.includes(host))).toHaveLength(isThere ? 0 : 1)
    },
  )

  it('of a thousand that are refused change the snapshot once', async () => {
    const { open, connection, environment } = recordConnection({ onInvalid() {} })
    const socket = await open()
    let changes = 0
    connection.subscribe(() => (changes += 1))
    for (let n = 0; n < 1000; n += 1) socket.receiveFrame('{')
    await environment.advance(0)
    expect([changes, connection.getSnapshot().invalidMessages]).toEqual([1, 1000])
  })
})

describe('rendering for messages', () => {
  async function renderMessages(options: ConnectionOptions, otherwise?: Schedule) {
    const { open, connection, environment } = recordConnection(options)
    const socket = await open()
    let renders = 0
    const plan = connection.planRender(() => (renders += 1), otherwise)
    connection.on('message', () => plan.request())
    for (let n = 0; n < 1000; n += 1) socket.receive(n)
    const atOnce = renders
    await environment.advance(1000)
    return [atOnce, renders]
  }

  it.each<[ConnectionOptions, Schedule | undefined, number[]]>([
    [{}, undefined, [1, 2]],
    [{}, 'sync', [1000, 1000]],
    [{}, 'frame', [0, 1]],
    [{ schedule: 'frame' }, 'sync', [0, 1]],
    [{ schedule: 'sync' }, undefined, [1000, 1000]],
    [{ schedule: 500 }, undefined, [1, 2]],
  ])(
    'with %o, otherwise %s, comes %o times at once and in all',
    async (options, otherwise, counts) => {
      expect(await renderMessages(options, otherwise)).toEqual(counts)
    },
  )

  it('delays neither listeners nor status', async () => {
    const { open, connection, messages } = recordConnection({ schedule: 60_000 })
    const socket = await open()
    for (let n = 0; n < 100; n += 1) socket.receive(n)
    expect(messages).toHaveLength(100)
    socket.cut()
    expect(connection.getSnapshot().status).toBe('reconnecting')
  })

  it('finds the message that it is for', async () => {
    const { open, connection } = recordConnection({ schedule: 'sync' })
    const seen: unknown[] = []
    const plan = connection.planRender(() => seen.push(connection.getLastMessage('a')))
    connection.on('message', () => plan.request(), { topic: 'a' })
    const socket = await open()
    socket.receive({ type: 'a', n: 1 })
    socket.receive({ type: 'b' })
    socket.receive({ type: 'a', n: 2 })
    expect(seen).toEqual([
      { type: 'a', n: 1 },
      { type: 'a', n: 2 },
    ])
  })
})

describe('sending with a codec that takes its time', () => {
  const slow: Codec = {
    encode: async (value) => Promise.resolve(JSON.stringify(value)),
    decode: (data) => data,
  }

  it('keeps the order, shows what waits, and loses nothing over a lost socket', async () => {
    const { open, reopen, connection, environment } = recordConnection({ codec: slow })
    const first = await open()
    expect(connection.sendJSON(1)).toBe('queued')
    expect(connection.send('2')).toBe('queued')
    await environment.advance(0)
    expect(first.sent).toEqual(['1', '2'])
    connection.sendJSON(3)
    first.cut()
    connection.sendJSON(4)
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(2)
    const second = await reopen()
    expect(second.sent).toEqual(['3', '4'])
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('tells what could not be encoded, and sends the rest', async () => {
    const codec = { ...slow, encode: async (value: unknown) => Promise.resolve(value) }
    const { open, connection, environment, errors, drops } = recordConnection({ codec })
    const socket = await open()
    for (const value of ['a', { no: 'frame' }, 'c']) connection.sendJSON(value)
    await environment.advance(0)
    expect(socket.sent).toEqual(['a', 'c'])
    expect(errors).toMatchObject([{ code: 'encode-failed' }])
    expect(drops).toEqual([{ data: null, reason: 'failed' }])
  })
})

describe('pacing', () => {
  it('sends a burst, then at its pace, and shows what waits', async () => {
    const { open, connection, environment } = recordConnection({
      pacing: { messagesPerSecond: 2, burst: 2 },
    })
    const socket = await open()
    const results = [1, 2, 3, 4].map((n) => connection.sendJSON(n))
    expect(results).toEqual(['sent', 'sent', 'queued', 'queued'])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 2 })
    await environment.advance(500)
    expect(socket.sentJSON()).toEqual([1, 2, 3])
    await environment.advance(500)
    expect(socket.sentJSON()).toEqual([1, 2, 3, 4])
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('holds up neither handshake nor heartbeat', async () => {
    const { open, connection, environment } = recordConnection({
      pacing: { messagesPerSecond: 0.001 },
      handshake: ({ sendJSON }) => {
        sendJSON('hello')
        sendJSON('again')
      },
      heartbeat: { intervalMs: 1000, ping: 'ping' },
    })
    const socket = await open()
    connection.send('sent')
    connection.send('waits')
    await environment.advance(1000)
    expect(socket.sent).toEqual(['"hello"', '"again"', 'sent', 'ping'])
  })
})

describe('calls from within listeners', () => {
  const calls: Record<string, (connection: Connection) => void> = {
    close: (connection) => connection.close(),
    reconnect: (connection) => connection.reconnect(),
    send: (connection) => void connection.send('from a listener'),
  }
  const moments = ['open', 'message', 'close', 'error', 'change'] as const
  const cases = moments.flatMap((moment) =>
    Object.entries(calls).map(([call, perform]) => ({ moment, call, perform })),
  )

  it.each(cases)('$call() on $moment leaves a whole connection', async (given) => {
    const { connection, environment, start } = recordConnection({ heartbeat: {} })
    let isFirst = true
    const react = (): void => {
      if (isFirst) {
        isFirst = false
        given.perform(connection)
      }
    }
    const release = await start()
    if (given.moment === 'change') connection.subscribe(react)
    else connection.on(given.moment, react)
    await environment.newestSocket().open()
    const socket = environment.newestSocket()
    const tryTo = (work: () => void): void => {
      if (socket.readyState === 1 && !socket.closedBy) work()
    }
    tryTo(() => socket.receive(1))
    tryTo(() => socket.receiveFrame('malformed'))
    tryTo(() => socket.cut())
    await environment.advance(1000)
    expect(isFirst).toBe(false)
    expect(environment.reportedErrors).toEqual([])
    expect(environment.countLiveSockets()).toBeLessThanOrEqual(1)
    if (given.call === 'close') {
      expect(connection.getSnapshot().status).toBe('closed')
      expect(environment.countLiveSockets()).toBe(0)
    } else {
      expect(connection.getSnapshot().status).toBe('reconnecting')
      expect(environment.countLiveSockets()).toBe(1)
    }
    release()
    connection.close()
    await environment.advance(5000)
    expect([environment.countTimers(), environment.countPageWatchers()]).toEqual([0, 0])
  })

  it('close() on open keeps early messages from being told afterwards', async () => {
    const { connection, environment, start, log, messages } = recordConnection({
      handshake: async ({ receive }) => void (await receive((message) => message === 'go')),
    })
    connection.on('open', () => connection.close())
    await start()
    await environment.newestSocket().open()
    environment.newestSocket().receive('early')
    environment.newestSocket().receive('go')
    await environment.advance(0)
    expect(log).toEqual(['open', 'close'])
    expect(messages).toEqual([])
  })

  it('send() on open comes after what was queued', async () => {
    const { connection, environment, start } = recordConnection()
    connection.send('queued')
    connection.on('open', () => connection.send('greeting'))
    await start()
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['queued', 'greeting'])
  })

  it('send() on drop keeps the order', async () => {
    const { connection, environment, start } = recordConnection()
    connection.send('old', { ttlMs: 100 })
    connection.send('a')
    connection.on('drop', () => connection.send('again'))
    await environment.advance(100)
    await start()
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['a', 'again'])
  })

  it('events keep the order in which they happened, for every listener', async () => {
    const { connection, environment, start } = recordConnection()
    const first: string[] = []
    const second: string[] = []
    connection.on('open', () => {
      first.push('open')
      connection.close()
    })
    connection.on('close', () => first.push('close'))
    connection.on('close', () => second.push('close'))
    connection.on('open', () => second.push('open'))
    await start()
    await environment.newestSocket().open()
    expect([first, second]).toEqual([
      ['open', 'close'],
      ['open', 'close'],
    ])
  })

  it('close() from an abort listener wins over the reconnect() that aborted', async () => {
    const { connection, environment, start } = recordConnection({
      params({ signal }) {
        signal.addEventListener('abort', () => connection.close())
        return {}
      },
    })
    await start()
    connection.reconnect()
    await environment.advance(1000)
    expect(connection.getSnapshot().status).toBe('closed')
    expect(environment.countLiveSockets()).toBe(0)
    expect(environment.countTimers()).toBe(0)
  })

  it.each([
    ['a close', (connection: Connection) => connection.close()],
    ['a lost socket', (_: Connection, { cut }: FakeSocket) => cut()],
  ])('%s is told also if an abort listener reconnects meanwhile', async (_, end) => {
    const { connection, open, environment, closes } = recordConnection({
      params({ signal }) {
        signal.addEventListener('abort', () => connection.reconnect(), { once: true })
        return {}
      },
    })
    const socket = await open()
    end(connection, socket)
    await environment.advance(0)
    expect(closes).toHaveLength(1)
    expect(environment.countLiveSockets()).toBe(1)
  })

  it('a failure is told also if an abort listener reconnects meanwhile', async () => {
    const { connection, open, errors } = recordConnection({
      params({ signal }) {
        signal.addEventListener('abort', () => connection.reconnect(), { once: true })
        return {}
      },
    })
    const socket = await open()
    socket.closeWith(4403)
    expect(errors.map(({ code }) => code)).toEqual(['closed-for-good'])
  })
})

describe('the end of all waiting (R13)', () => {
  type Situation = readonly [
    name: string,
    options: ConnectionOptions,
    enter: (environment: FakeEnvironment) => unknown,
  ]

  const never = async (): Promise<never> => new Promise(() => {})

  const situations: readonly Situation[] = [
    ['the address is asked for', { params: never }, () => {}],
    ['the socket connects', {}, () => {}],
    ['the handshake runs', { handshake: never }, async ({ newestSocket }) => newestSocket().open()],
    ['it is open', { heartbeat: {} }, async ({ newestSocket }) => newestSocket().open()],
    ['a retry is scheduled', {}, ({ newestSocket }) => newestSocket().cut()],
    [
      'a retry is paused',
      {},
      ({ newestSocket, goOffline }) => {
        goOffline()
        newestSocket().cut()
      },
    ],
  ]

  async function enterSituation([, options, enter]: Situation) {
    const recorded = recordConnection({ lingerMs: 10, ...options })
    const release = await recorded.start()
    await enter(recorded.environment)
    expect(recorded.environment.countPageWatchers()).toBe(1)
    return { ...recorded, release }
  }

  function countWhatIsLeft(environment: FakeEnvironment): number[] {
    return [
      environment.countTimers(),
      environment.countPageWatchers(),
      environment.countLiveSockets(),
    ]
  }

  it.each(situations)('comes with close() while %s', async (...situation) => {
    const { connection, environment } = await enterSituation(situation)
    connection.close()
    expect(countWhatIsLeft(environment)).toEqual([0, 0, 0])
  })

  it.each(situations)('comes with the last lease while %s', async (...situation) => {
    const { connection, environment, release } = await enterSituation(situation)
    release()
    await environment.advance(9)
    expect(connection.getSnapshot().status).not.toBe('idle')
    await environment.advance(1)
    expect(connection.getSnapshot().status).toBe('idle')
    expect(countWhatIsLeft(environment)).toEqual([0, 0, 0])
  })

  it('comes with a failure', async () => {
    const { open, environment } = recordConnection({ heartbeat: {} })
    const socket = await open()
    socket.closeWith(4403)
    expect(countWhatIsLeft(environment)).toEqual([0, 0, 0])
  })
})

describe('leaving', () => {
  it('ends timers, listeners and socket after the linger time, and keeps the queue', async () => {
    const { start, connection, environment } = recordConnection({ heartbeat: {} })
    const release = await start()
    await environment.newestSocket().open()
    environment.newestSocket().bufferedAmount = 1e9
    connection.send('kept', { ttlMs: 3_600_000 })
    release()
    await environment.advance(999)
    expect(connection.getSnapshot().status).toBe('open')
    await environment.advance(1)
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', queued: 1 })
    expect(environment.countTimers()).toBe(0)
    expect(environment.countPageWatchers()).toBe(0)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it.each([0, 50, Infinity])('takes lingerMs %d', async (lingerMs) => {
    const { start, environment } = recordConnection({ lingerMs })
    const release = await start()
    await environment.newestSocket().open()
    release()
    await environment.advance(lingerMs === Infinity ? 1e9 : lingerMs)
    expect(environment.countLiveSockets()).toBe(lingerMs === Infinity ? 1 : 0)
  })

  it('watches the page only while the connection is wanted', async () => {
    const { start, connection, environment } = recordConnection()
    expect(environment.countPageWatchers()).toBe(0)
    const release = await start()
    expect(environment.countPageWatchers()).toBe(1)
    environment.newestSocket().cut()
    expect(environment.countPageWatchers()).toBe(1)
    connection.close()
    expect(environment.countPageWatchers()).toBe(0)
    connection.reconnect()
    await environment.advance(0)
    expect(environment.countPageWatchers()).toBe(1)
    await environment.newestSocket().open()
    environment.newestSocket().closeWith(4403)
    expect(environment.countPageWatchers()).toBe(0)
    release()
    await environment.advance(1000)
    expect(environment.countPageWatchers()).toBe(0)
  })
})

describe('the logger', () => {
  it('gets a line for each step, without a secret (R12)', async () => {
    const lines: string[] = []
    const { open, reopen, connection } = recordConnection(
      { logger: { debug: (line) => lines.push(line) }, params: { ticket: 'secret' } },
      'wss://user:secret@a.example/live?token=secret',
    )
    const socket = await open()
    socket.closeWith(1012, 'secret')
    await reopen()
    connection.close(1000, 'secret')
    expect(lines.length).toBeGreaterThanOrEqual(6)
    expect(lines.at(-1)).toBe('[wirehook] wss://a.example/live: close-requested, now closed')
    expect(lines.join('\n')).not.toContain('secret')
  })

  it('gets no line for what changes nothing', async () => {
    const lines: string[] = []
    const { open, connection, environment } = recordConnection({
      logger: { debug: (line) => lines.push(line) },
    })
    await open()
    const before = lines.length
    connection.lease()
    environment.wake()
    await environment.advance(0)
    expect(lines.slice(before)).toEqual([])
  })

  it('names a URL that is a function once it is known', async () => {
    const lines: string[] = []
    const { open } = recordConnection({ logger: { debug: (line) => lines.push(line) } }, async () =>
      Promise.resolve(`${url}?token=secret`),
    )
    await open()
    expect(lines.at(-1)).toContain(`${url}: opened`)
    expect(lines.join('\n')).not.toContain('secret')
  })

  it('that throws stops nothing', async () => {
    const logger = {
      debug() {
        throw new Error('logger')
      },
    }
    const { connection, environment } = recordConnection({ logger })
    connection.reconnect()
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(connection.getSnapshot().status).toBe('open')
    expect(environment.reportedErrors).not.toEqual([])
  })
})

describe('errors', () => {
  it('name the connection without secrets (R12)', async () => {
    const { open, connection, environment, errors } = recordConnection(
      {
        params: { ticket: 'secret' },
        connectTimeoutMs: 100,
        heartbeat: { intervalMs: 100, timeoutMs: 100 },
        maxMessageBytes: 20,
        reconnect: { maxAttempts: 2 },
      },
      'wss://user:secret@a.example/live?token=secret',
    )
    const socket = await open()
    socket.receiveFrame('malformed')
    socket.receiveFrame('x'.repeat(21))
    await environment.advance(60_000)
    expect(connection.getSnapshot().status).toBe('failed')
    const codes = errors.map(({ code }) => code)
    expect(new Set(codes)).toEqual(
      new Set([
        'malformed-message',
        'message-too-large',
        'heartbeat-timeout',
        'connect-timeout',
        'attempts-exhausted',
      ]),
    )
    for (const error of errors) {
      expect(error).toBeInstanceOf(WirehookError)
      expect(error.message).toContain('wss://a.example/live')
      expect(error.message).not.toContain('secret')
    }
  })

  it.each([
    ['its URL, also before it is used', 'wss://user:secret@a.example/live?token=secret', url],
    ['that its URL is a function', () => 'wss://a.example/live?token=secret', 'url()'],
  ])('show %s', async (_, target, shown) => {
    const { open, connection } = recordConnection({ outgoing: {} }, target)
    const send = () => connection.sendJSON({ type: 'of no schema' })
    expect(send).toThrow(`invalid-message (${shown})`)
    await open()
    expect(send).toThrow(`invalid-message (${url})`)
  })

  it('tell once why it failed, beside why its last attempt did', async () => {
    const { start, environment, errors, closes } = recordConnection({
      reconnect: false,
      connectTimeoutMs: 100,
    })
    await start()
    await environment.advance(100)
    expect(errors.map(({ code }) => code)).toEqual(['connect-timeout', 'attempts-exhausted'])
    expect(errors[1]?.cause).toBe(errors[0])
    expect(closes.map((close: CloseInfo) => close.error)).toEqual([errors[0]])
  })
})

describe('an environment', () => {
  it('without a WebSocket is a failure that says so', async () => {
    const { start, connection } = recordConnection({
      environment: {
        createSocket() {
          throw new WirehookError('no-websocket', 'globalThis')
        },
      },
    })
    await start()
    expect(connection.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'no-websocket' },
    })
  })
})
