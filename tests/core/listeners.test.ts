import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createListeners, tell } from '../../src/core/listeners'
import { createFakeEnvironment } from '../fake-environment'

function setUp() {
  const environment = createFakeEnvironment()
  const listeners = createListeners<unknown>()
  const told: string[] = []
  return {
    environment,
    listeners,
    told,
    add: (key: unknown, name: string) => listeners.add(key, () => told.push(name)),
    tell: (key: unknown, payload?: unknown) => tell(environment, listeners.find(key), payload),
  }
}

describe('listeners by key', () => {
  it('are told in the order in which they came, each key by itself', () => {
    const { add, tell: tellKey, told } = setUp()
    add('x', 'a')
    add('y', 'b')
    add('x', 'c')
    tellKey('x')
    expect(told).toEqual(['a', 'c'])
    tellKey('y')
    expect(told).toEqual(['a', 'c', 'b'])
  })

  it('get the payload as it is', () => {
    const { listeners, tell: tellKey } = setUp()
    const payload = { n: 1 }
    const got: unknown[] = []
    listeners.add('x', (value: unknown) => got.push(value))
    tellKey('x', payload)
    expect(got[0]).toBe(payload)
  })

  it.each([
    ['a number from its text', 1, '1'],
    ['nothing from null', undefined, null],
    ['an empty text from 0', '', 0],
    ['a name that all objects have', 'toString', 'constructor'],
  ])('tell %s', (_, key, other) => {
    const { add, tell: tellKey, told } = setUp()
    add(key, 'a')
    tellKey(other)
    expect(told).toEqual([])
    tellKey(key)
    expect(told).toEqual(['a'])
  })

  it('are found no more once the last of a key has left', () => {
    const { listeners, add } = setUp()
    const undoFirst = add('x', 'a')
    const undoSecond = add('x', 'b')
    undoFirst()
    expect(listeners.find('x')?.size).toBe(1)
    undoSecond()
    expect(listeners.find('x')).toBeUndefined()
  })

  it('that have left long ago take nobody with them who came later', () => {
    const { add, tell: tellKey, told } = setUp()
    const undo = add('x', 'a')
    undo()
    add('x', 'b')
    undo()
    tellKey('x')
    expect(told).toEqual(['b'])
  })
})

describe('telling', () => {
  it('reports what a listener throws, and goes on (R8)', () => {
    const { listeners, add, environment, tell: tellKey, told } = setUp()
    const error = new Error('listener')
    listeners.add('x', () => {
      throw error
    })
    add('x', 'b')
    tellKey('x')
    expect(told).toEqual(['b'])
    expect(environment.reportedErrors).toEqual([error])
  })

  it('nobody is nothing', () => {
    const { tell: tellKey } = setUp()
    expect(() => tellKey('x')).not.toThrow()
  })

  it('leaves out who is removed and who is added meanwhile', () => {
    const { listeners, add, tell: tellKey, told } = setUp()
    listeners.add('x', () => {
      undo()
      add('x', 'late')
    })
    const undo = add('x', 'removed')
    add('x', 'kept')
    tellKey('x')
    expect(told).toEqual(['kept'])
  })

  it('leaves out who came after the last one was removed meanwhile', () => {
    const { listeners, add, tell: tellKey, told } = setUp()
    const undo = listeners.add('x', () => {
      undo()
      add('x', 'late')
    })
    tellKey('x')
    expect(told).toEqual([])
    tellKey('x')
    expect(told).toEqual(['late'])
  })
})

type Operation = { readonly type: 'add' | 'undo' | 'tell'; readonly which: number }

const anyOperation: fc.Arbitrary<Operation> = fc.record({
  type: fc.constantFrom('add', 'add', 'undo', 'tell'),
  which: fc.nat(9),
})

it('whoever is registered when a key is told is told once, whatever came and went', () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 60 }), (operations) => {
      const { add, tell: tellKey, told } = setUp()
      const added: { key: number; name: string; undo: () => void; isThere: boolean }[] = []
      for (const { type, which } of operations) {
        const key = which % 3
        const chosen = added[which]
        if (type === 'add') {
          const name = `${added.length}`
          added.push({ key, name, undo: add(key, name), isThere: true })
        }
        if (type === 'undo' && chosen) {
          chosen.undo()
          chosen.isThere = false
        }
        if (type === 'tell') {
          tellKey(key)
          const expected = added.filter((one) => one.key === key && one.isThere)
          expect(told.splice(0)).toEqual(expected.map(({ name }) => name))
        }
      }
    }),
    { numRuns: 300 },
  )
})
