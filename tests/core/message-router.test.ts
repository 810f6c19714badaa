import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { MessageFilter, Topic } from '../../src/core/connection'
import { createMessageRouter, type TopicOf } from '../../src/core/message-router'
import { createFakeEnvironment } from '../fake-environment'

function setUp(topicOf?: (message: never) => unknown) {
  const environment = createFakeEnvironment()
  const router = createMessageRouter(environment, () => topicOf as TopicOf | undefined)
  const told: string[] = []
  return {
    environment,
    router,
    told,
    on: (name: string, filter: MessageFilter) => router.on(() => told.push(name), filter),
  }
}

const bySymbol = (message: { symbol?: Topic }): Topic | undefined => message.symbol

describe('a topic', () => {
  it('is the type of a message unless topicOf gives another', () => {
    const { router, on, told } = setUp()
    on('price', { topic: 'price' })
    on('chat', { topic: 'chat' })
    router.route({ type: 'price' })
    expect(told).toEqual(['price'])
  })

  it('is what topicOf gives, and then the type is none', () => {
    const { router, on, told } = setUp(bySymbol)
    on('AAPL', { topic: 'AAPL' })
    on('price', { topic: 'price' })
    router.route({ type: 'price', symbol: 'AAPL' })
    router.route({ type: 'price' })
    expect(told).toEqual(['AAPL'])
    expect(router.getNewest('price')).toBeUndefined()
  })

  it('is asked for once for a message, however many listen (R7)', () => {
    const topicOf = vi.fn(bySymbol)
    const { router, on } = setUp(topicOf)
    for (let n = 0; n < 100; n += 1) on('x', { topic: n % 2 ? 'AAPL' : n })
    router.route({ symbol: 'AAPL' })
    router.route({ symbol: 'MSFT' })
    expect(topicOf.mock.calls).toEqual([[{ symbol: 'AAPL' }], [{ symbol: 'MSFT' }]])
  })

  it('may be a number, which is not the text of it', () => {
    const { router, on, told } = setUp(bySymbol)
    on('number', { topic: 0 })
    on('text', { topic: '0' })
    router.route({ symbol: 0 })
    expect(told).toEqual(['number'])
    expect(router.getNewest(0)).toEqual({ symbol: 0 })
    expect(router.getNewest('0')).toBeUndefined()
  })

  it.each([null, undefined, {}, true, Symbol('x')])('is none if topicOf gives %o', (given) => {
    const { router, on, told, environment } = setUp(() => given)
    on('type', { type: 'price' })
    on('topic', { topic: 'price' })
    router.route({ type: 'price' })
    expect(told).toEqual(['type'])
    expect(router.getNewest(given as never)).toEqual(
      given === undefined ? { type: 'price' } : undefined,
    )
    expect(environment.reportedErrors).toEqual([])
  })

  it('is none if topicOf throws, which is reported; the message goes on (R8)', () => {
    const error = new Error('topicOf')
    const { router, on, told, environment } = setUp(() => {
      throw error
    })
    on('type', { type: 'price' })
    router.route({ type: 'price' })
    expect(told).toEqual(['type'])
    expect(router.getNewest()).toEqual({ type: 'price' })
    expect(environment.reportedErrors).toEqual([error])
  })

  it.each([null, undefined, 'text', 7, [1], new ArrayBuffer(2), { type: { not: 'a key' } }])(
    'is none for %o, which has no type to go by',
    (message) => {
      const { router, environment } = setUp()
      router.route(message)
      expect(router.getNewest()).toBe(message)
      expect(environment.reportedErrors).toEqual([])
    },
  )

  it('may have the name of something that all objects have', () => {
    const { router, on, told } = setUp()
    expect(router.getNewest('constructor')).toBeUndefined()
    on('proto', { topic: '__proto__' })
    router.route({ type: 'constructor' })
    router.route(JSON.parse('{ "type": "__proto__" }'))
    expect(told).toEqual(['proto'])
    expect(router.getNewest('__proto__')).toEqual({ type: '__proto__' })
  })
})

describe('a filter', () => {
  it('by type finds messages of every topic', () => {
    const { router, on, told } = setUp(bySymbol)
    on('prices', { type: 'price' })
    router.route({ type: 'price', symbol: 'AAPL' })
    router.route({ type: 'alert', symbol: 'AAPL' })
    router.route({ type: 'price' })
    expect(told).toEqual(['prices', 'prices'])
  })

  it('by topic and type finds what has both', () => {
    const { router, on, told } = setUp(bySymbol)
    on('both', { topic: 'AAPL', type: 'price' })
    router.route({ type: 'price', symbol: 'AAPL' })
    router.route({ type: 'alert', symbol: 'AAPL' })
    router.route({ type: 'price', symbol: 'MSFT' })
    expect(told).toEqual(['both'])
  })

  it('that names nothing is none', () => {
    const { on } = setUp()
    expect(on('x', {})).toBeUndefined()
    expect(on('x', { topic: undefined, type: undefined })).toBeUndefined()
  })

  it.each<MessageFilter>([{ topic: 'x' }, { type: 'x' }, { topic: 'x', type: 'x' }])(
    '%o no longer counts once it is undone',
    (filter) => {
      const { router, on, told } = setUp()
      const undo = on('gone', filter)
      on('kept', filter)
      undo?.()
      undo?.()
      router.route({ type: 'x' })
      expect(told).toEqual(['kept'])
    },
  )

  it('costs nothing for messages that it is not for (R7)', () => {
    const { router } = setUp()
    const listeners = Array.from({ length: 100 }, () => vi.fn())
    listeners.forEach((listener, n) => router.on(listener, { topic: `topic ${n}` }))
    router.route({ type: 'topic 7' })
    const called = listeners.filter((listener) => listener.mock.calls.length)
    expect(called).toEqual([listeners[7]])
  })
})

describe('the newest message', () => {
  it('is that of all, or that of a topic', () => {
    const { router } = setUp(bySymbol)
    expect(router.getNewest()).toBeUndefined()
    router.route({ symbol: 'A', n: 1 })
    router.route({ symbol: 'B', n: 2 })
    router.route({ symbol: 'A', n: 3 })
    router.route({ n: 4 })
    expect(router.getNewest()).toEqual({ n: 4 })
    expect(router.getNewest(undefined)).toEqual({ n: 4 })
    expect(router.getNewest('A')).toEqual({ symbol: 'A', n: 3 })
    expect(router.getNewest('B')).toEqual({ symbol: 'B', n: 2 })
    expect(router.getNewest('C')).toBeUndefined()
  })

  it('is there when the listeners are told', () => {
    const { router } = setUp()
    const seen: unknown[] = []
    const note = (): unknown => seen.push([router.getNewest(), router.getNewest('x')])
    router.on(note, { topic: 'x' })
    router.on(note, { type: 'x' })
    const message = { type: 'x' }
    router.route(message)
    expect(seen).toEqual([
      [message, message],
      [message, message],
    ])
  })

  it('is kept for 1000 topics, and the one used longest ago goes', () => {
    const { router } = setUp()
    for (let n = 0; n < 1000; n += 1) router.route({ type: `topic ${n}` })
    router.route({ type: 'topic 0', again: true })
    router.route({ type: 'one more' })
    expect(router.getNewest('topic 0')).toEqual({ type: 'topic 0', again: true })
    expect(router.getNewest('topic 1')).toBeUndefined()
    expect(router.getNewest('topic 2')).toEqual({ type: 'topic 2' })
  })

  it('stays longer if somebody listens for its topic', () => {
    const { router, on } = setUp()
    for (let n = 0; n < 1000; n += 1) router.route({ type: `topic ${n}` })
    on('x', { topic: 'topic 0' })
    on('x', { topic: 'never told' })
    router.route({ type: 'one more' })
    expect(router.getNewest('topic 0')).toEqual({ type: 'topic 0' })
    expect(router.getNewest('topic 1')).toBeUndefined()
    expect(router.getNewest('topic 2')).toBeDefined()
  })

  it('counts as used when somebody begins to listen, also if not for long', () => {
    const { router, on } = setUp()
    for (let n = 0; n < 1000; n += 1) router.route({ type: `topic ${n}` })
    on('x', { topic: 'topic 0' })?.()
    router.route({ type: 'one more' })
    expect(router.getNewest('topic 0')).toEqual({ type: 'topic 0' })
    expect(router.getNewest('topic 1')).toBeUndefined()
  })

  it('stays for as long as somebody listens for its topic', () => {
    const { router, on } = setUp()
    router.route({ type: 'rare' })
    on('x', { topic: 'rare' })
    for (let n = 0; n < 3000; n += 1) router.route({ type: `topic ${n}` })
    expect(router.getNewest('rare')).toEqual({ type: 'rare' })
    expect(router.getNewest('topic 2000')).toBeUndefined()
    expect(router.getNewest('topic 2001')).toBeDefined()
  })
})

const keptTopics = 1000

type Use = { readonly type: 'message' | 'listener'; readonly topic: number }

/** Runs of neighbours, so that the limit is reached, and single topics that are used again. */
const anyUses: fc.Arbitrary<Use[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom<Use['type']>('message', 'message', 'listener'),
      from: fc.nat(1500),
      length: fc.constantFrom(1, 1, 2, 30, 600),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((runs) =>
    runs.flatMap(({ type, from, length }) =>
      Array.from({ length }, (_, offset) => ({ type, topic: from + offset })),
    ),
  )

it('keeps the topics that a plain list of uses says are the newest', () => {
  fc.assert(
    fc.property(anyUses, (uses) => {
      const { router, on } = setUp((message: { topic: number }) => message.topic)
      const listenedTo = new Set<number>()
      let model: { topic: number; n: number }[] = []
      uses.forEach(({ type, topic }, n) => {
        const before = model.find((one) => one.topic === topic)
        const used = type === 'message' ? { topic, n } : before
        if (type === 'message') router.route({ topic, n })
        else on('x', { topic })
        if (type === 'listener') listenedTo.add(topic)
        if (!used) return
        const others = model.filter((one) => one !== before)
        const isFull = !before && others.length >= keptTopics
        const forgotten = isFull && others.find((one) => !listenedTo.has(one.topic))
        model = [...others.filter((one) => one !== forgotten), used]
      })
      for (let topic = 0; topic < 2100; topic += 1) {
        expect(router.getNewest(topic)).toEqual(model.find((one) => one.topic === topic))
      }
    }),
    { numRuns: 25 },
  )
})

it('tells each listener the messages that fit its filter, once and in order', () => {
  const anyKey = fc.constantFrom('a', 'b', 3)
  const anyMessage = fc.record({ type: anyKey, symbol: fc.option(anyKey, { nil: undefined }) })
  const anyFilter: fc.Arbitrary<MessageFilter> = fc
    .record({ topic: anyKey, type: anyKey }, { requiredKeys: [] })
    .filter(({ topic, type }) => topic !== undefined || type !== undefined)
  fc.assert(
    fc.property(
      fc.array(anyFilter, { maxLength: 8 }),
      fc.array(anyMessage, { maxLength: 20 }),
      (filters, messages) => {
        const { router } = setUp(bySymbol)
        const got = filters.map((filter) => {
          const received: unknown[] = []
          router.on((message: unknown) => received.push(message), filter)
          return received
        })
        messages.forEach((message) => router.route(message))
        filters.forEach(({ topic, type }, index) => {
          const fitting = messages.filter(
            (message) =>
              (topic === undefined || message.symbol === topic) &&
              (type === undefined || message.type === type),
          )
          expect(got[index]).toEqual(fitting)
        })
      },
    ),
    { numRuns: 300 },
  )
})
