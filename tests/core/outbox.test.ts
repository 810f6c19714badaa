import { describe, expect, it } from 'vitest'
import type { DroppedMessage } from '../../src/core/connection'
import { resolveOptions, type ConnectionOptions } from '../../src/core/connection-options'
import type { WirehookError } from '../../src/core/errors'
import { createOutbox } from '../../src/core/outbox'
import { createFakeEnvironment } from '../fake-environment'

async function setUp(options: Pick<ConnectionOptions, 'queue' | 'pacing'> = {}) {
  const environment = createFakeEnvironment()
  const resolved = resolveOptions(options)
  const dropped: DroppedMessage[] = []
  const sizes: number[] = []
  const errors: WirehookError[] = []
  const outbox = createOutbox({
    environment,
    readOptions: () => resolved,
    onSize: (size) => sizes.push(size),
    onDrop: (drop) => dropped.push(drop),
    onError: (error) => errors.push(error),
  })
  async function openSocket() {
    environment.createSocket('wss://a.example/', [])
    const socket = environment.newestSocket()
    await socket.open()
    return socket
  }
  return { environment, outbox, dropped, errors, sizes, openSocket, socket: await openSocket() }
}

describe('with an open socket', () => {
  it('sends at once', async () => {
    const { environment, outbox, socket, sizes } = await setUp()
    outbox.use(socket)
    sizes.length = 0
    expect(outbox.send('a')).toBe('sent')
    expect(outbox.send('b', { whenClosed: 'drop' })).toBe('sent')
    expect(socket.sent).toEqual(['a', 'b'])
    expect(sizes).toEqual([])
    expect(environment.countTimers()).toBe(0)
  })

  it('sends bytes as they are, without a copy', async () => {
    const { outbox, socket } = await setUp()
    const bytes = new Uint8Array([1, 2])
    outbox.use(socket)
    outbox.send(bytes)
    expect(socket.sent[0]).toBe(bytes)
  })

  it('lets the caller know what the socket throws', async () => {
    const { outbox, socket } = await setUp()
    const refusal = new Error('refused')
    socket.send = () => {
      throw refusal
    }
    outbox.use(socket)
    expect(() => outbox.send('a')).toThrow(refusal)
  })
})

describe('without a socket', () => {
  it('queues, and sends in order as soon as there is one', async () => {
    const { outbox, socket, sizes } = await setUp()
    expect(outbox.send('a')).toBe('queued')
    expect(outbox.send('b')).toBe('queued')
    outbox.use(socket)
    expect(outbox.send('c')).toBe('sent')
    expect(socket.sent).toEqual(['a', 'b', 'c'])
    expect(sizes).toEqual([1, 2, 0])
  })

  it('queues again when the socket is gone', async () => {
    const { outbox, socket, openSocket } = await setUp()
    outbox.use(socket)
    outbox.use(null)
    expect(outbox.send('a')).toBe('queued')
    const second = await openSocket()
    outbox.use(second)
    expect([socket.sent, second.sent]).toEqual([[], ['a']])
  })

  it('copies bytes, so that what is sent later is what was given now', async () => {
    const { outbox, socket } = await setUp()
    const bytes = new Uint8Array([1, 2, 3])
    outbox.send(bytes)
    outbox.send(bytes.buffer)
    bytes.fill(9)
    outbox.use(socket)
    expect(socket.sent.map((data) => [...new Uint8Array(data as ArrayBuffer)])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
  })

  it('drops what shall not wait', async () => {
    const { outbox, socket, dropped, sizes } = await setUp()
    expect(outbox.send('a', { whenClosed: 'drop' })).toBe('dropped')
    outbox.use(socket)
    expect(socket.sent).toEqual([])
    expect(dropped).toEqual([])
    expect(sizes).toEqual([0])
  })
})

describe('a socket that is closing', () => {
  it('gets nothing, for it would lose it silently', async () => {
    const { environment, outbox, socket, openSocket } = await setUp()
    outbox.use(socket)
    socket.close()
    expect(outbox.send('a')).toBe('queued')
    expect(outbox.send('b', { whenClosed: 'drop' })).toBe('dropped')
    await environment.advance(1000)
    expect(socket.sent).toEqual([])
    const next = await openSocket()
    outbox.use(null)
    outbox.use(next)
    expect(next.sent).toEqual(['a'])
  })

  it('gets nothing of the queue either', async () => {
    const { outbox, socket } = await setUp()
    outbox.send('a')
    socket.close()
    outbox.use(socket)
    expect(outbox.send('b')).toBe('queued')
    expect(socket.sent).toEqual([])
  })
})

describe('queue: false', () => {
  it('drops while closed and sends while open', async () => {
    const { outbox, socket, dropped } = await setUp({ queue: false })
    expect(outbox.send('a')).toBe('dropped')
    outbox.use(socket)
    expect(outbox.send('b')).toBe('sent')
    expect(socket.sent).toEqual(['b'])
    expect(dropped).toEqual([])
  })

  it('sends also above the high water mark, for there is nowhere to wait', async () => {
    const { outbox, socket } = await setUp({ queue: false, pacing: { highWaterBytes: 10 } })
    outbox.use(socket)
    socket.bufferedAmount = 100
    expect(outbox.send('a')).toBe('sent')
    expect(socket.sent).toEqual(['a'])
  })
})

describe('highWaterBytes', () => {
  const pacing = { highWaterBytes: 10 }

  it('keeps what has no room and sends it in order when it has', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    socket.bufferedAmount = 8
    expect(outbox.send('ab')).toBe('sent')
    socket.bufferedAmount = 10
    expect(outbox.send('c')).toBe('queued')
    expect(outbox.send('d')).toBe('queued')
    socket.bufferedAmount = 9
    await environment.advance(10)
    expect(socket.sent).toEqual(['ab', 'c', 'd'])
  })

  it('lets nothing overtake, even what had room', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    socket.bufferedAmount = 5
    expect(outbox.send('123456')).toBe('queued')
    expect(outbox.send('1')).toBe('queued')
    await environment.advance(100)
    expect(socket.sent).toEqual([])
    socket.bufferedAmount = 4
    await environment.advance(10)
    expect(socket.sent).toEqual(['123456', '1'])
  })

  it('holds for the queue as it is flushed', async () => {
    const { environment, outbox, socket, sizes } = await setUp({ pacing })
    const { send } = socket
    socket.send = (data) => {
      send(data)
      socket.bufferedAmount += (data as string).length
    }
    for (const data of ['1234', '5678', '90', '1', '2']) outbox.send(data)
    outbox.use(socket)
    expect(socket.sent).toEqual(['1234', '5678', '90'])
    expect(sizes.at(-1)).toBe(2)
    await environment.advance(1000)
    expect(socket.sent).toHaveLength(3)
  })

  it('sends a larger message alone', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    socket.bufferedAmount = 1
    expect(outbox.send('larger than it all')).toBe('queued')
    await environment.advance(100)
    expect(socket.sent).toEqual([])
    socket.bufferedAmount = 0
    await environment.advance(10)
    expect(socket.sent).toEqual(['larger than it all'])
  })

  it('does not pace what the queue could never hold', async () => {
    const { outbox, socket } = await setUp({ pacing, queue: { maxBytes: 12 } })
    outbox.use(socket)
    socket.bufferedAmount = 10
    expect(outbox.send('1234567890123')).toBe('sent')
    expect(socket.sent).toEqual(['1234567890123'])
  })

  it('does not let it overtake what waits', async () => {
    const { outbox, socket } = await setUp({ pacing, queue: { maxBytes: 12 } })
    outbox.use(socket)
    socket.bufferedAmount = 10
    outbox.send('waits')
    expect(() => outbox.send('1234567890123')).toThrow(/queue-full/)
    expect(socket.sent).toEqual([])
  })

  it('looks again as long as something waits, and no longer', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    socket.bufferedAmount = 100
    outbox.send('a')
    await environment.advance(5000)
    expect(environment.countTimers()).toBe(1)
    socket.bufferedAmount = 0
    await environment.advance(10)
    expect(environment.countTimers()).toBe(0)
  })

  it('is 256 KiB unless told otherwise, and text counts as UTF-8', async () => {
    const { outbox, socket } = await setUp()
    outbox.use(socket)
    socket.bufferedAmount = 262_141
    expect(outbox.send('€')).toBe('sent')
    expect(outbox.send('€€')).toBe('queued')
  })

  it('may be endless', async () => {
    const { outbox, socket } = await setUp({ pacing: { highWaterBytes: Infinity } })
    outbox.use(socket)
    socket.bufferedAmount = 1e12
    expect(outbox.send('a')).toBe('sent')
  })

  it('drops what shall not wait', async () => {
    const { outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    socket.bufferedAmount = 10
    expect(outbox.send('a', { whenClosed: 'drop' })).toBe('dropped')
  })
})

describe('a socket that throws', () => {
  it('loses that message only, and it is told', async () => {
    const { outbox, socket, dropped, sizes } = await setUp()
    for (const data of ['a', 'bad', 'c']) outbox.send(data)
    const { send } = socket
    socket.send = (data) => {
      if (data === 'bad') throw new TypeError('bad')
      send(data)
    }
    outbox.use(socket)
    expect(socket.sent).toEqual(['a', 'c'])
    expect(dropped).toEqual([{ data: 'bad', reason: 'failed' }])
    expect(sizes.at(-1)).toBe(0)
  })
})

describe('ttlMs', () => {
  it('gives a message up on time, and tells', async () => {
    const { environment, outbox, socket, dropped, sizes } = await setUp()
    outbox.send('short', { ttlMs: 100 })
    outbox.send('long', { ttlMs: 200 })
    outbox.send('endless')
    await environment.advance(99)
    expect(dropped).toEqual([])
    await environment.advance(1)
    expect(dropped).toEqual([{ data: 'short', reason: 'expired' }])
    expect(sizes.at(-1)).toBe(2)
    await environment.advance(100)
    expect(dropped).toHaveLength(2)
    expect(environment.countTimers()).toBe(0)
    outbox.use(socket)
    expect(socket.sent).toEqual(['endless'])
  })

  it('counts from sending, also if a later message expires first', async () => {
    const { environment, outbox, dropped } = await setUp()
    outbox.send('long', { ttlMs: 200 })
    await environment.advance(50)
    outbox.send('short', { ttlMs: 50 })
    await environment.advance(50)
    expect(dropped.map(({ data }) => data)).toEqual(['short'])
    await environment.advance(100)
    expect(dropped.map(({ data }) => data)).toEqual(['short', 'long'])
  })

  it('is that of the queue unless the message has its own', async () => {
    const { environment, outbox, dropped } = await setUp({ queue: { ttlMs: 100 } })
    outbox.send('usual')
    outbox.send('endless', { ttlMs: Infinity })
    await environment.advance(100)
    expect(dropped.map(({ data }) => data)).toEqual(['usual'])
  })

  it('of 0 is never sent from the queue', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    expect(outbox.send('a', { ttlMs: 0 })).toBe('queued')
    outbox.use(socket)
    expect(socket.sent).toEqual([])
    expect(dropped).toEqual([{ data: 'a', reason: 'expired' }])
    expect(outbox.send('b', { ttlMs: 0 })).toBe('sent')
    await environment.advance(0)
    expect(dropped).toHaveLength(1)
  })

  it.each([NaN, -1])('of %d is refused, and what is queued stays', async (ttlMs) => {
    const { outbox, socket } = await setUp()
    outbox.send('a')
    expect(() => outbox.send('b', { ttlMs })).toThrow('invalid-option')
    outbox.use(socket)
    expect(socket.sent).toEqual(['a'])
  })

  it('keeps an expired message off a socket also if no timer ran', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    outbox.send('old', { ttlMs: 100 })
    outbox.send('new')
    environment.sleep(100)
    outbox.use(socket)
    expect(socket.sent).toEqual(['new'])
    expect(dropped).toEqual([{ data: 'old', reason: 'expired' }])
  })

  it('holds also while a message waits for room on a socket', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    outbox.use(socket)
    socket.bufferedAmount = 1e9
    outbox.send('a', { ttlMs: 100 })
    await environment.advance(110)
    expect(dropped).toEqual([{ data: 'a', reason: 'expired' }])
    expect(environment.countTimers()).toBe(0)
  })
})

describe('at rest (R13)', () => {
  it('has no timer, and keeps its messages', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    outbox.send('a', { ttlMs: 100 })
    outbox.send('b')
    outbox.rest()
    expect(environment.countTimers()).toBe(0)
    await environment.advance(1000)
    expect(dropped).toEqual([])
    outbox.use(socket)
    expect(socket.sent).toEqual(['b'])
    expect(dropped).toEqual([{ data: 'a', reason: 'expired' }])
  })

  it('wakes for what is sent afterwards', async () => {
    const { environment, outbox, dropped } = await setUp()
    outbox.send('a', { ttlMs: 100 })
    outbox.rest()
    outbox.send('b', { ttlMs: 50 })
    await environment.advance(50)
    expect(dropped.map(({ data }) => data)).toEqual(['b'])
  })
})

describe('replaceKey', () => {
  it('counts in the queue only', async () => {
    const { outbox, socket } = await setUp()
    outbox.send('1', { replaceKey: 'k' })
    outbox.send('2', { replaceKey: 'k' })
    outbox.use(socket)
    outbox.send('3', { replaceKey: 'k' })
    outbox.send('4', { replaceKey: 'k' })
    expect(socket.sent).toEqual(['2', '3', '4'])
  })
})
