import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSequence, isPromise, proceed } from '../../src/core/sequence'
import { createFakeEnvironment } from '../fake-environment'

function createPending<Value>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((yes) => {
    resolve = yes
  })
  return { promise, resolve }
}

function setUp() {
  const environment = createFakeEnvironment()
  const inOrder = createSequence(environment)
  const taken: unknown[] = []
  const take = (value: unknown): unknown => taken.push(value)
  return { environment, inOrder, taken, take }
}

describe('a promise', () => {
  const foreign: unknown = runInNewContext('Promise.resolve(1)')

  it.each<unknown>([Promise.resolve(1), foreign])('is %o', (value) => {
    expect(isPromise(value)).toBe(true)
  })

  it.each([
    undefined,
    null,
    0,
    '',
    'then',
    {},
    JSON.parse('{"then":true}'),
    () => 1,
    new ArrayBuffer(1),
  ])('is not %o', (value) => {
    expect(isPromise(value)).toBe(false)
  })
})

describe('going on', () => {
  it('takes no time with what is there', () => {
    expect(proceed(1, (n) => n + 1)).toBe(2)
  })

  it('waits for what is not', async () => {
    const result = proceed(Promise.resolve(1), (n) => n + 1)
    expect(isPromise(result)).toBe(true)
    expect(await result).toBe(2)
  })
})

describe('a sequence', () => {
  it('takes at once what is there, while nothing is awaited', () => {
    const { inOrder, taken, take } = setUp()
    inOrder(1, take)
    inOrder(2, take)
    expect(taken).toEqual([1, 2])
  })

  it('lets nothing overtake what takes its time', async () => {
    const { environment, inOrder, taken, take } = setUp()
    const [first, second] = [createPending<string>(), createPending<string>()]
    inOrder(first.promise, take)
    inOrder('sync', take)
    inOrder(second.promise, take)
    second.resolve('second')
    await environment.advance(0)
    expect(taken).toEqual([])
    first.resolve('first')
    await environment.advance(0)
    expect(taken).toEqual(['first', 'sync', 'second'])
  })

  it('takes at once again when nothing is awaited any more', async () => {
    const { environment, inOrder, taken, take } = setUp()
    inOrder(Promise.resolve(1), take)
    await environment.advance(0)
    inOrder(2, take)
    expect(taken).toEqual([1, 2])
  })

  it('goes on after work that throws, which is reported', async () => {
    const { environment, inOrder, taken, take } = setUp()
    const error = new Error('take')
    inOrder(Promise.resolve(1), () => {
      throw error
    })
    inOrder(2, take)
    await environment.advance(0)
    inOrder(3, take)
    expect(taken).toEqual([2, 3])
    expect(environment.reportedErrors).toEqual([error])
  })

  it('lets work announce more, which comes after what was announced before', async () => {
    const { environment, inOrder, taken, take } = setUp()
    inOrder(Promise.resolve('a'), (value) => {
      take(value)
      inOrder('from a', take)
    })
    inOrder('b', take)
    await environment.advance(0)
    expect(taken).toEqual(['a', 'b', 'from a'])
  })
})

type Step =
  { readonly type: 'sync' | 'async' | 'tick' } | { readonly type: 'settle'; readonly which: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constantFrom('sync' as const, 'async' as const, 'tick' as const) }),
  fc.record({ type: fc.constant('settle' as const), which: fc.nat(9) }),
)

it('takes everything once and in order, however long each value takes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      const { environment, inOrder, taken, take } = setUp()
      const pending = new Map<number, () => void>()
      const settled = new Set<number>()
      let count = 0

      function announce(isAsync: boolean): void {
        const n = count
        count += 1
        const { promise, resolve } = createPending<number>()
        if (isAsync) pending.set(n, () => resolve(n))
        else settled.add(n)
        inOrder(isAsync ? promise : n, take)
      }

      function settle(which: number): void {
        const [n, resolve] = [...pending][which] ?? []
        if (n === undefined) return
        pending.delete(n)
        settled.add(n)
        resolve?.()
      }

      for (const step of steps) {
        if (step.type === 'tick') await environment.advance(0)
        else if (step.type === 'settle') settle(step.which)
        else announce(step.type === 'async')
        expect(taken).toEqual(taken.map((_, index) => index))
      }
      await environment.advance(0)
      const firstUnsettled = Math.min(...pending.keys(), count)
      expect(taken).toHaveLength(firstUnsettled)
      while (pending.size) settle(0)
      await environment.advance(0)
      expect(taken).toEqual(Array.from({ length: count }, (_, index) => index))
    }),
    { numRuns: 200 },
  )
})
