import { describe, expect, it } from 'vitest'
import type { DroppedMessage, FrameData, SendOptions } from '../../src/core/connection'
import { resolveOptions, type ConnectionOptions } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'
import { createOutbox } from '../../src/core/outbox'
import type { Receipt } from '../../src/core/send-queue'
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

  it('paces what the queue can just hold', async () => {
    const { outbox, socket } = await setUp({ pacing, queue: { maxBytes: 13 } })
    outbox.use(socket)
    socket.bufferedAmount = 10
    expect(outbox.send('1234567890123')).toBe('queued')
    expect(socket.sent).toEqual([])
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
    expect(() => outbox.send('b', { ttlMs })).toThrow(/invalid-option.*ttlMs/)
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

/** A frame that the test finishes. */
function createFrame() {
  let finish: (data: FrameData) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const frame = new Promise<FrameData>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  return { frame, finish, fail }
}

/** Notes what becomes of a message. */
function createReceipt(fates: string[], name: string): Receipt {
  return {
    onSent: () => fates.push(`${name} sent`),
    onDropped: () => fates.push(`${name} dropped`),
  }
}

describe('a frame that takes its time', () => {
  it('keeps its place, and those behind it wait', async () => {
    const { environment, outbox, socket, sizes } = await setUp()
    const [first, second] = [createFrame(), createFrame()]
    outbox.use(socket)
    expect(outbox.send(first.frame)).toBe('queued')
    expect(outbox.send('sync')).toBe('queued')
    expect(outbox.send(second.frame)).toBe('queued')
    second.finish('second')
    await environment.advance(1000)
    expect(socket.sent).toEqual([])
    expect(sizes.at(-1)).toBe(3)
    first.finish('first')
    await environment.advance(0)
    expect(socket.sent).toEqual(['first', 'sync', 'second'])
    expect(sizes.at(-1)).toBe(0)
    expect(environment.countTimers()).toBe(0)
  })

  it('that fails leaves the queue, and is told as dropped and as an error', async () => {
    const { environment, outbox, socket, dropped, errors } = await setUp()
    const { frame, fail } = createFrame()
    const error = new WirehookError('encode-failed', 'test')
    outbox.use(socket)
    outbox.send(frame)
    outbox.send('behind')
    fail(error)
    await environment.advance(0)
    expect(dropped).toEqual([{ data: null, reason: 'failed' }])
    expect(errors).toEqual([error])
    expect(socket.sent).toEqual(['behind'])
  })

  it('is sent on the socket there is when it is its turn', async () => {
    const { environment, outbox, socket, openSocket } = await setUp()
    const { frame, finish } = createFrame()
    outbox.use(socket)
    outbox.send(frame)
    outbox.use(null)
    finish('late')
    await environment.advance(0)
    const next = await openSocket()
    outbox.use(next)
    expect([socket.sent, next.sent]).toEqual([[], ['late']])
  })

  it('expires like any other, and is then not sent', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    const { frame, finish } = createFrame()
    outbox.use(socket)
    outbox.send(frame, { ttlMs: 100 })
    outbox.send('behind')
    await environment.advance(100)
    expect(dropped).toEqual([{ data: null, reason: 'expired' }])
    expect(socket.sent).toEqual(['behind'])
    finish('late')
    await environment.advance(0)
    expect(socket.sent).toEqual(['behind'])
  })

  it('has its bytes counted once they are known', async () => {
    const { environment, outbox, dropped } = await setUp({ queue: { maxBytes: 10 } })
    outbox.send(Promise.resolve('1234567'))
    expect(outbox.send('89')).toBe('queued')
    outbox.send('', { ttlMs: 0 })
    await environment.advance(0)
    expect(() => outbox.send('ab')).toThrow(/queue-full/)
    expect(dropped.map(({ reason }) => reason)).toEqual(['expired'])
  })

  it('is dropped if it turns out too large for the queue', async () => {
    const { environment, outbox, dropped, sizes } = await setUp({ queue: { maxBytes: 10 } })
    outbox.send(Promise.resolve('12345678'))
    outbox.send('123')
    await environment.advance(0)
    expect(dropped).toEqual([{ data: '12345678', reason: 'overflow' }])
    expect(outbox.send('1234567')).toBe('queued')
    expect(sizes.at(-1)).toBe(2)
  })

  it('may fill the queue to its last byte', async () => {
    const { environment, outbox, socket, dropped } = await setUp({ queue: { maxBytes: 10 } })
    outbox.send(Promise.resolve('1234567890'))
    await environment.advance(0)
    outbox.use(socket)
    expect(socket.sent).toEqual(['1234567890'])
    expect(dropped).toEqual([])
  })

  it('that shall not wait is given up if it cannot go out once it is there', async () => {
    const { environment, outbox, socket, dropped } = await setUp()
    outbox.use(socket)
    expect(outbox.send(Promise.resolve('a'), { whenClosed: 'drop' })).toBe('queued')
    outbox.use(null)
    await environment.advance(0)
    outbox.use(socket)
    expect(socket.sent).toEqual([])
    expect(dropped).toEqual([{ data: 'a', reason: 'expired' }])
  })

  it('goes out however large it is if the socket is open', async () => {
    const { environment, outbox, socket, dropped } = await setUp({ queue: { maxBytes: 10 } })
    outbox.use(socket)
    outbox.send(Promise.resolve('12345678901234'))
    await environment.advance(0)
    expect(socket.sent).toEqual(['12345678901234'])
    expect(dropped).toEqual([])
  })

  it('goes out however large it is where there is no queue', async () => {
    const { environment, outbox, socket, dropped } = await setUp({ queue: false })
    outbox.use(socket)
    socket.bufferedAmount = 1_000_000
    const large = 'x'.repeat(2_000_000)
    expect(outbox.send(Promise.resolve(large))).toBe('queued')
    await environment.advance(0)
    socket.bufferedAmount = 0
    await environment.advance(10)
    expect(socket.sent).toEqual([large])
    expect(dropped).toEqual([])
  })

  it('waits for room once it is there', async () => {
    const { environment, outbox, socket } = await setUp({ pacing: { highWaterBytes: 10 } })
    outbox.use(socket)
    socket.bufferedAmount = 10
    outbox.send(Promise.resolve('a'))
    await environment.advance(1000)
    expect(socket.sent).toEqual([])
    socket.bufferedAmount = 0
    await environment.advance(10)
    expect(socket.sent).toEqual(['a'])
  })

  it('that shall not wait is dropped while closed, and encoded while open', async () => {
    const { environment, outbox, socket } = await setUp()
    expect(outbox.send(Promise.resolve('a'), { whenClosed: 'drop' })).toBe('dropped')
    outbox.use(socket)
    expect(outbox.send(Promise.resolve('b'), { whenClosed: 'drop' })).toBe('queued')
    await environment.advance(0)
    expect(socket.sent).toEqual(['b'])
  })

  it.each<[string, Pick<ConnectionOptions, 'queue'>, SendOptions]>([
    ['shall not wait', {}, { whenClosed: 'drop' }],
    ['finds no queue', { queue: false }, {}],
    ['finds the queue full', { queue: { maxMessages: 0 } }, {}],
    ['has no valid ttlMs', {}, { ttlMs: NaN }],
  ])('and %s may fail without anybody being told again', async (_, options, sendOptions) => {
    const { environment, outbox, errors, dropped } = await setUp(options)
    const unhandled: unknown[] = []
    const note = (reason: unknown): unknown => unhandled.push(reason)
    const vitest = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', note)
    const { frame, fail } = createFrame()
    try {
      outbox.send(frame, sendOptions)
    } catch {
      // Refused at once.
    }
    fail(new WirehookError('encode-failed', 'test'))
    await environment.advance(0)
    process.off('unhandledRejection', note)
    vitest.forEach((listener) => process.on('unhandledRejection', listener))
    expect(unhandled).toEqual([])
    expect([errors, dropped]).toEqual([[], []])
  })

  it('is not sent if a newer one with its key has come', async () => {
    const { environment, outbox, socket } = await setUp()
    const { frame, finish } = createFrame()
    outbox.use(socket)
    outbox.send(frame, { replaceKey: 'k' })
    outbox.send(Promise.resolve('newer'), { replaceKey: 'k' })
    finish('older')
    await environment.advance(0)
    expect(socket.sent).toEqual(['newer'])
  })

  it.each(['replaced', 'withdrawn'])('holds nobody up once it is %s', async (way) => {
    const { environment, outbox, socket } = await setUp()
    const receipt = createReceipt([], 'a')
    outbox.use(socket)
    outbox.send(createFrame().frame, { replaceKey: 'k' }, receipt)
    outbox.send('behind')
    await environment.advance(10)
    if (way === 'withdrawn') outbox.withdraw(receipt)
    else outbox.send(createFrame().frame, { replaceKey: 'k' })
    await environment.advance(10)
    expect(socket.sent).toEqual(['behind'])
  })

  it('needs no queue while the socket is open, and keeps the order', async () => {
    const { environment, outbox, socket } = await setUp({ queue: false })
    const { frame, finish } = createFrame()
    outbox.use(socket)
    expect(outbox.send(frame)).toBe('queued')
    expect(outbox.send('behind')).toBe('queued')
    finish('first')
    await environment.advance(0)
    expect(socket.sent).toEqual(['first', 'behind'])
    expect(outbox.send('at once')).toBe('sent')
  })

  it('is told as dropped if the socket goes and there is no queue', async () => {
    const { environment, outbox, socket, dropped, sizes, openSocket } = await setUp({
      queue: false,
    })
    const { frame, finish } = createFrame()
    outbox.use(socket)
    outbox.send(frame)
    outbox.use(null)
    expect(dropped).toEqual([{ data: null, reason: 'expired' }])
    expect(sizes.at(-1)).toBe(0)
    const next = await openSocket()
    outbox.use(next)
    finish('late')
    await environment.advance(0)
    expect(next.sent).toEqual([])
  })

  it('is limited in number also without a queue', async () => {
    const { outbox, socket } = await setUp({ queue: false })
    outbox.use(socket)
    for (let n = 0; n < 1000; n += 1) outbox.send(createFrame().frame)
    expect(() => outbox.send(createFrame().frame)).toThrow(/queue-full/)
  })
})

describe('messagesPerSecond', () => {
  const pacing = { messagesPerSecond: 10, burst: 3 }

  it('lets a burst go at once, and the rest in order at its pace', async () => {
    const { environment, outbox, socket, sizes } = await setUp({ pacing })
    outbox.use(socket)
    const results = ['1', '2', '3', '4', '5'].map((data) => outbox.send(data))
    expect(results).toEqual(['sent', 'sent', 'sent', 'queued', 'queued'])
    expect(sizes.at(-1)).toBe(2)
    await environment.advance(99)
    expect(socket.sent).toEqual(['1', '2', '3'])
    await environment.advance(1)
    expect(socket.sent).toEqual(['1', '2', '3', '4'])
    expect(sizes.at(-1)).toBe(1)
    await environment.advance(100)
    expect(socket.sent).toEqual(['1', '2', '3', '4', '5'])
    expect(environment.countTimers()).toBe(0)
  })

  it('holds for what was queued before the socket was there', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    for (let n = 0; n < 13; n += 1) outbox.send(`${n}`)
    outbox.use(socket)
    expect(socket.sent).toHaveLength(3)
    await environment.advance(500)
    expect(socket.sent).toHaveLength(8)
    await environment.advance(500)
    expect(socket.sent).toEqual(Array.from({ length: 13 }, (_, n) => `${n}`))
  })

  it('is one for all sockets, for a new one is no reason to flood the server', async () => {
    const { environment, outbox, socket, openSocket } = await setUp({ pacing })
    outbox.use(socket)
    for (const data of ['1', '2', '3']) outbox.send(data)
    const next = await openSocket()
    outbox.use(next)
    expect(outbox.send('4')).toBe('queued')
    await environment.advance(100)
    expect(next.sent).toEqual(['4'])
  })

  it('holds for frames that take their time', async () => {
    const { environment, outbox, socket } = await setUp({ pacing })
    outbox.use(socket)
    for (let n = 0; n < 5; n += 1) outbox.send(Promise.resolve(`${n}`))
    await environment.advance(0)
    expect(socket.sent).toHaveLength(3)
    await environment.advance(200)
    expect(socket.sent).toHaveLength(5)
  })

  it.each<[Pick<ConnectionOptions, 'queue'>, SendOptions]>([
    [{}, { whenClosed: 'drop' }],
    [{ queue: false }, {}],
  ])('drops what comes too fast and cannot wait (%o, %o)', async (options, sendOptions) => {
    const { environment, outbox, socket } = await setUp({
      ...options,
      pacing: { messagesPerSecond: 1 },
    })
    outbox.use(socket)
    expect(outbox.send('1', sendOptions)).toBe('sent')
    expect(outbox.send('2', sendOptions)).toBe('dropped')
    await environment.advance(1000)
    expect(outbox.send('3', sendOptions)).toBe('sent')
    expect(socket.sent).toEqual(['1', '3'])
  })

  it('lets what the queue could never hold go at the moment of its token', async () => {
    const { environment, outbox, socket } = await setUp({
      queue: { maxBytes: 3 },
      pacing: { messagesPerSecond: 1 },
    })
    outbox.use(socket)
    outbox.send('1234')
    await environment.advance(1000)
    socket.bufferedAmount = 1_000_000
    expect(outbox.send('1234')).toBe('sent')
  })

  it('is kept also by what the queue could never hold', async () => {
    const { outbox, socket } = await setUp({
      queue: { maxBytes: 3 },
      pacing: { messagesPerSecond: 1 },
    })
    outbox.use(socket)
    expect(outbox.send('1234')).toBe('sent')
    expect(() => outbox.send('1234')).toThrow(/queue-full/)
    expect(socket.sent).toHaveLength(1)
  })

  it('does not count what the socket refused', async () => {
    const { outbox, socket } = await setUp({ pacing: { messagesPerSecond: 1 } })
    outbox.use(socket)
    const { send } = socket
    socket.send = () => {
      throw new Error('refused')
    }
    expect(() => outbox.send('a')).toThrow(/refused/)
    socket.send = send
    expect(outbox.send('b')).toBe('sent')
  })

  it('goes on at its pace after the clock was set back', async () => {
    const { environment, outbox, socket } = await setUp({ pacing: { messagesPerSecond: 1 } })
    outbox.use(socket)
    outbox.send('1')
    environment.sleep(-3_600_000)
    outbox.send('2')
    outbox.send('3')
    await environment.advance(1000)
    expect(socket.sent).toEqual(['1', '2'])
    await environment.advance(1000)
    expect(socket.sent).toEqual(['1', '2', '3'])
  })
})

describe('a receipt', () => {
  it('is told when the message is sent after all', async () => {
    const { outbox, socket } = await setUp()
    const fates: string[] = []
    outbox.send('a', {}, createReceipt(fates, 'a'))
    expect(fates).toEqual([])
    outbox.use(socket)
    expect(fates).toEqual(['a sent'])
  })

  it('is not told what the result has said', async () => {
    const { outbox, socket } = await setUp()
    const fates: string[] = []
    outbox.send('dropped', { whenClosed: 'drop' }, createReceipt(fates, 'a'))
    outbox.use(socket)
    outbox.send('sent', {}, createReceipt(fates, 'b'))
    expect(fates).toEqual([])
  })

  it('is told when the message is dropped, whatever the reason', async () => {
    const { environment, outbox, socket, dropped } = await setUp({
      queue: { maxMessages: 3, overflow: 'drop-oldest' },
    })
    const fates: string[] = []
    outbox.send('1', {}, createReceipt(fates, 'overflow'))
    outbox.send('2', { ttlMs: 10 }, createReceipt(fates, 'expired'))
    outbox.send('3', {}, createReceipt(fates, 'refused'))
    outbox.send(Promise.reject(new Error('x')), {}, createReceipt(fates, 'not encoded'))
    await environment.advance(10)
    socket.send = () => {
      throw new Error('refused')
    }
    outbox.use(socket)
    expect(fates).toEqual([
      'overflow dropped',
      'not encoded dropped',
      'expired dropped',
      'refused dropped',
    ])
    expect(dropped.map(({ reason }) => reason)).toEqual(['overflow', 'failed', 'expired', 'failed'])
  })

  it('takes its message out of the queue, and nobody is told', async () => {
    const { outbox, socket, dropped, sizes } = await setUp()
    const fates: string[] = []
    const receipt = createReceipt(fates, 'a')
    outbox.send('a', {}, receipt)
    outbox.send('b', {}, createReceipt(fates, 'b'))
    outbox.withdraw(receipt)
    outbox.withdraw(receipt)
    expect(sizes.at(-1)).toBe(1)
    outbox.use(socket)
    outbox.withdraw(receipt)
    expect(socket.sent).toEqual(['b'])
    expect(fates).toEqual(['b sent'])
    expect(dropped).toEqual([])
  })
})
