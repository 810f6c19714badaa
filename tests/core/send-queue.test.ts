import { beforeEach, describe, expect, it } from 'vitest'
import { resolveOptions, type QueueOptions } from '../../src/core/connection-options'
import { createSendQueue, type QueuedMessage, type SendQueue } from '../../src/core/send-queue'

let dropped: string[]
let queue: SendQueue

beforeEach(() => {
  dropped = []
  queue = createSendQueue(({ data }, reason) => dropped.push(`${data as string}: ${reason}`))
})

function message(
  data: string,
  { bytes = data.length, expiresAt = Infinity, replaceKey, receipt }: Partial<QueuedMessage> = {},
): QueuedMessage {
  return { data, bytes, expiresAt, replaceKey, receipt }
}

function add(data: string, details?: Partial<QueuedMessage>, options?: QueueOptions, at = 0) {
  return queue.add(message(data, details), resolveOptions({ queue: options }).queue, at)
}

function addAll(...all: string[]): void {
  for (const data of all) add(data)
}

/** What a socket gets that has room for everything. */
function drain(limit = Infinity): unknown[] {
  const sent: unknown[] = []
  queue.drain(
    () => sent.length < limit,
    ({ data }) => sent.push(data),
  )
  return sent
}

describe('order', () => {
  it('is the order of sending', () => {
    addAll('a', 'b', 'c')
    expect(queue.size).toBe(3)
    expect(drain()).toEqual(['a', 'b', 'c'])
    expect(queue.size).toBe(0)
    expect(drain()).toEqual([])
  })

  it('stays when there is room for some only', () => {
    addAll('a', 'b', 'c')
    expect(drain(2)).toEqual(['a', 'b'])
    add('d')
    expect(drain()).toEqual(['c', 'd'])
  })

  it('looks at no later message while the next one has no room', () => {
    addAll('large', 's')
    const asked: unknown[] = []
    queue.drain(
      ({ data }) => {
        asked.push(data)
        return false
      },
      () => {},
    )
    expect(asked).toEqual(['large'])
    expect(queue.size).toBe(2)
  })

  it('keeps equal messages apart', () => {
    addAll('a', 'a')
    expect(drain()).toEqual(['a', 'a'])
  })

  it('has taken a message out before it is sent', () => {
    addAll('a', 'b')
    const sizes: number[] = []
    queue.drain(
      () => true,
      () => sizes.push(queue.size),
    )
    expect(sizes).toEqual([1, 0])
  })
})

describe('the number of messages', () => {
  it('is limited', () => {
    const options = { maxMessages: 2 }
    expect(add('a', {}, options)).toBe('queued')
    expect(add('b', {}, options)).toBe('queued')
    expect(() => add('c', {}, options)).toThrow(
      expect.objectContaining({ name: 'WirehookError', code: 'queue-full' }) as Error,
    )
    expect(drain()).toEqual(['a', 'b'])
  })

  it('is 1000 unless told otherwise', () => {
    for (let count = 0; count < 1000; count += 1) add('x')
    expect(() => add('x')).toThrow(/queue-full/)
  })
})

describe('the number of bytes', () => {
  it('is limited', () => {
    const options = { maxBytes: 10 }
    add('12345', {}, options)
    expect(() => add('123456', {}, options)).toThrow(/queue-full/)
    expect(add('54321', {}, options)).toBe('queued')
    expect(drain()).toEqual(['12345', '54321'])
  })

  it('is 1 MiB unless told otherwise', () => {
    add('x', { bytes: 1_048_575 })
    add('y', { bytes: 1 })
    expect(() => add('z', { bytes: 1 })).toThrow(/queue-full/)
  })

  it('comes back when messages leave, whatever way', () => {
    const options = { maxBytes: 10, overflow: 'drop-oldest' as const }
    add('a', { bytes: 10 }, options)
    drain()
    add('b', { bytes: 10, expiresAt: 5 }, options)
    queue.expire(5)
    add('c', { bytes: 10, replaceKey: 'k' }, options)
    add('d', { bytes: 10, replaceKey: 'k' }, options)
    add('e', { bytes: 10 }, options)
    add('f', { bytes: 4 }, options)
    add('g', { bytes: 6 }, options)
    expect(drain()).toEqual(['f', 'g'])
    expect(dropped).toEqual(['b: expired', 'd: overflow', 'e: overflow'])
  })
})

describe('a message that finds the queue full', () => {
  const full = { maxMessages: 2, maxBytes: 10 }

  it('is refused, and what was queued before is still there', () => {
    addAll('a', 'b')
    expect(() => add('ccc', {}, full)).toThrow(/queue-full.*2 messages, 3 bytes more/)
    expect(drain()).toEqual(['a', 'b'])
    expect(dropped).toEqual([])
  })

  it('pushes the oldest out with drop-oldest', () => {
    addAll('a', 'b')
    expect(add('c', {}, { ...full, overflow: 'drop-oldest' })).toBe('queued')
    expect(dropped).toEqual(['a: overflow'])
    expect(drain()).toEqual(['b', 'c'])
  })

  it('pushes as many out as its size needs', () => {
    const options = { maxBytes: 10, overflow: 'drop-oldest' as const }
    addAll('123', '456', '789')
    expect(add('12345678', {}, options)).toBe('queued')
    expect(dropped).toEqual(['123: overflow', '456: overflow', '789: overflow'])
    expect(drain()).toEqual(['12345678'])
  })

  it('pushes nobody out if it is too large for an empty queue', () => {
    addAll('a', 'b')
    const options = { maxBytes: 10, overflow: 'drop-oldest' as const }
    expect(add('12345678901', {}, options)).toBe('dropped')
    expect(drain()).toEqual(['a', 'b'])
    expect(dropped).toEqual([])
  })

  it('is dropped with drop-newest', () => {
    addAll('a', 'b')
    expect(add('c', {}, { ...full, overflow: 'drop-newest' })).toBe('dropped')
    expect(drain()).toEqual(['a', 'b'])
    expect(dropped).toEqual([])
  })

  it('takes the place of messages that have expired', () => {
    add('a', { expiresAt: 100 }, full)
    add('b', {}, full)
    expect(add('c', {}, full, 100)).toBe('queued')
    expect(dropped).toEqual(['a: expired'])
    expect(drain()).toEqual(['b', 'c'])
  })

  it.each(['reject', 'drop-oldest', 'drop-newest'] as const)(
    'never gets into a queue of no size (%s)',
    (overflow) => {
      const options = { maxMessages: 0, overflow }
      const results: unknown[] = []
      try {
        results.push(add('a', {}, options))
      } catch (error) {
        results.push((error as { code: unknown }).code)
      }
      expect(results).toEqual([overflow === 'reject' ? 'queue-full' : 'dropped'])
      expect(queue.size).toBe(0)
    },
  )
})

describe('a replaceKey', () => {
  it('lets the newest win, at the end', () => {
    add('cursor 1', { replaceKey: 'cursor' })
    add('chat')
    add('cursor 2', { replaceKey: 'cursor' })
    add('scroll', { replaceKey: 'scroll' })
    expect(drain()).toEqual(['chat', 'cursor 2', 'scroll'])
    expect(dropped).toEqual([])
  })

  it('may be empty', () => {
    add('1', { replaceKey: '' })
    add('2', { replaceKey: '' })
    expect(drain()).toEqual(['2'])
  })

  it('needs no room beside what it replaces', () => {
    const options = { maxMessages: 2, maxBytes: 10 }
    add('12345', { replaceKey: 'k' }, options)
    add('67890', {}, options)
    expect(add('54321', { replaceKey: 'k' }, options)).toBe('queued')
    expect(drain()).toEqual(['67890', '54321'])
  })

  it('loses nothing if the new message does not fit', () => {
    const options = { maxBytes: 10 }
    add('12345', { replaceKey: 'k' }, options)
    add('67890', {}, options)
    expect(() => add('123456', { replaceKey: 'k' }, options)).toThrow(/queue-full/)
    expect(add('123456', { replaceKey: 'k' }, { ...options, overflow: 'drop-newest' })).toBe(
      'dropped',
    )
    expect(drain()).toEqual(['12345', '67890'])
  })

  it('pushes out only what it needs beside what it replaces', () => {
    const options = { maxBytes: 10, overflow: 'drop-oldest' as const }
    add('old', {}, options)
    add('12345', { replaceKey: 'k' }, options)
    expect(add('1234567', { replaceKey: 'k' }, options)).toBe('queued')
    expect(dropped).toEqual([])
    expect(add('12345678', { replaceKey: 'k' }, options)).toBe('queued')
    expect(dropped).toEqual(['old: overflow'])
    expect(drain()).toEqual(['12345678'])
  })

  it('counts once if what it would replace has just expired', () => {
    const options = { maxMessages: 2 }
    add('a', { replaceKey: 'k', expiresAt: 100 }, options)
    add('b', {}, options)
    expect(add('c', { replaceKey: 'k' }, options, 100)).toBe('queued')
    expect(add('d', { replaceKey: 'k' }, options, 100)).toBe('queued')
    expect(drain()).toEqual(['b', 'd'])
  })
})

describe('expiry', () => {
  it('drops what is over and tells when the next is due', () => {
    add('a', { expiresAt: 100 })
    add('b', { expiresAt: 50 })
    add('c')
    add('d', { expiresAt: 101 })
    expect(queue.expire(49)).toBe(50)
    expect(queue.expire(100)).toBe(101)
    expect(dropped).toEqual(['a: expired', 'b: expired'])
    expect(queue.expire(101)).toBe(Infinity)
    expect(drain()).toEqual(['c'])
  })
})

describe('a message that is not encoded yet', () => {
  const unencoded = (details?: Partial<QueuedMessage>): QueuedMessage => ({
    ...message('', details),
    data: null,
  })
  const { queue: policy } = resolveOptions({ queue: { maxBytes: 10, maxMessages: 3 } })

  it('has a place, and is first when it is its turn', () => {
    const later = unencoded()
    add('a')
    queue.add(later, policy, 0)
    add('c')
    expect(queue.size).toBe(3)
    expect(queue.first?.data).toBe('a')
    expect(drain(1)).toEqual(['a'])
    expect(queue.first).toBe(later)
  })

  it('is filled where it is, and its bytes count from then on', () => {
    const later = unencoded()
    queue.add(later, policy, 0)
    queue.add(message('b'), policy, 0)
    queue.fill(later, '12345678', 8)
    expect(() => queue.add(message('cd'), policy, 0)).toThrow(/queue-full/)
    expect(drain()).toEqual(['12345678', 'b'])
    expect(queue.add(message('1234567890'), policy, 0)).toBe('queued')
  })

  it('is not filled once it has left, and takes no bytes', () => {
    const later = unencoded()
    queue.add(later, policy, 0)
    queue.drop(later, 'failed')
    queue.drop(later, 'failed')
    queue.fill(later, '12345678', 8)
    expect(dropped).toEqual(['null: failed'])
    expect(queue.size).toBe(0)
    expect(queue.add(message('1234567890'), policy, 0)).toBe('queued')
  })
})

describe('a message that has left', () => {
  it('is neither dropped nor counted once more', () => {
    const gone = message('12345678')
    const policy = resolveOptions({ queue: { maxBytes: 10 } }).queue
    queue.add(gone, policy, 0)
    drain()
    queue.drop(gone, 'overflow')
    expect(dropped).toEqual([])
    expect(queue.bytes).toBe(0)
  })
})

describe('a receipt', () => {
  it('takes out its own message and no other, and nobody is told', () => {
    const receipt = { onSent() {}, onDropped() {} }
    const other = { onSent() {}, onDropped() {} }
    add('a', { receipt: other })
    add('b', { receipt })
    add('c')
    expect([queue.withdraw(receipt), queue.withdraw(receipt)]).toEqual([true, false])
    expect(queue.size).toBe(2)
    expect(drain()).toEqual(['a', 'c'])
    expect(dropped).toEqual([])
  })

  it('gives the room of its message back', () => {
    const receipt = { onSent() {}, onDropped() {} }
    add('12345678', { receipt }, { maxBytes: 10 })
    queue.withdraw(receipt)
    expect(add('1234567890', {}, { maxBytes: 10 })).toBe('queued')
  })
})
