import { describe, expect, it } from 'vitest'
import { createEmitter } from '../../src/core/emitter'
import { createFakeEnvironment } from '../fake-environment'

interface Events {
  first: (value: unknown) => void
  second: (value: unknown) => void
}

function setUp() {
  const environment = createFakeEnvironment()
  const emitter = createEmitter<Events>(environment)
  const told: string[] = []
  /** A listener that leaves a trace, and then does something. */
  const note =
    (name: string, then: (value: unknown) => void = () => {}) =>
    (value: unknown): void => {
      told.push(`${name} ${String(value)}`)
      then(value)
    }
  return { environment, emitter, told, note }
}

describe('listeners', () => {
  it('are told in the order in which they came, by name', () => {
    const { emitter, told, note } = setUp()
    emitter.on('first', note('a'))
    emitter.on('second', note('b'))
    emitter.on('first', note('c'))
    emitter.emit('first', 1)
    emitter.emit('second', 2)
    expect(told).toEqual(['a 1', 'c 1', 'b 2'])
  })

  it('stand for themselves, also when they are the same function', () => {
    const { emitter, told, note } = setUp()
    const listener = note('a')
    const undo = emitter.on('first', listener)
    emitter.on('first', listener)
    emitter.emit('first', 1)
    expect(told).toEqual(['a 1', 'a 1'])
    undo()
    undo()
    emitter.emit('first', 2)
    expect(told).toEqual(['a 1', 'a 1', 'a 2'])
  })

  it('are not told when nobody listens', () => {
    const { emitter, told } = setUp()
    emitter.emit('first', 1)
    expect(told).toEqual([])
  })

  it('that come while an event is told get the next one', () => {
    const { emitter, told, note } = setUp()
    let isFirst = true
    emitter.on(
      'first',
      note('a', () => {
        if (isFirst) emitter.on('first', note('late'))
        isFirst = false
      }),
    )
    emitter.emit('first', 1)
    emitter.emit('first', 2)
    expect(told).toEqual(['a 1', 'a 2', 'late 2'])
  })

  it('that are removed while an event is told do not get it', () => {
    const { emitter, told, note } = setUp()
    emitter.on(
      'first',
      note('a', () => undo()),
    )
    const undo = emitter.on('first', note('b'))
    emitter.emit('first', 1)
    expect(told).toEqual(['a 1'])
  })

  it('may remove themselves', () => {
    const { emitter, told, note } = setUp()
    const undo = emitter.on(
      'first',
      note('a', () => undo()),
    )
    emitter.on('first', note('b'))
    emitter.emit('first', 1)
    emitter.emit('first', 2)
    expect(told).toEqual(['a 1', 'b 1', 'b 2'])
  })

  it('that throw stop no others, and what they throw is reported (R8)', () => {
    const { emitter, environment, told, note } = setUp()
    const error = new Error('listener')
    emitter.on('first', () => {
      throw error
    })
    emitter.on('first', note('b'))
    emitter.emit('first', 1)
    emitter.emit('first', 2)
    expect(told).toEqual(['b 1', 'b 2'])
    expect(environment.reportedErrors).toEqual([error, error])
  })
})

describe('order', () => {
  it('is the same for everybody, whatever listeners emit', () => {
    const { emitter, told, note } = setUp()
    emitter.on(
      'first',
      note('a', (value) => {
        if (value === 1) emitter.emit('second', 2)
        if (value === 1) emitter.emit('first', 3)
      }),
    )
    emitter.on('first', note('b'))
    emitter.on('second', note('c'))
    emitter.emit('first', 1)
    expect(told).toEqual(['a 1', 'b 1', 'c 2', 'a 3', 'b 3'])
  })

  it('survives a listener that emits and then throws', () => {
    const { emitter, told, note } = setUp()
    emitter.on('first', (value) => {
      if (value === 1) emitter.emit('first', 2)
      throw new Error('listener')
    })
    emitter.on('first', note('b'))
    emitter.emit('first', 1)
    expect(told).toEqual(['b 1', 'b 2'])
  })
})

describe('an event that became void', () => {
  it('is asked about when it is its turn, and not told', () => {
    const { emitter, told, note } = setUp()
    let isVoid = false
    emitter.on(
      'first',
      note('a', () => {
        isVoid = true
      }),
    )
    emitter.holdWhile(() => {
      emitter.emit('first', 1, () => isVoid)
      emitter.emit('first', 2, () => isVoid)
      emitter.emit('first', 3)
    })
    expect(told).toEqual(['a 1', 'a 3'])
  })
})

describe('what is emitted while work is held', () => {
  it('is told afterwards, in order', () => {
    const { emitter, told, note } = setUp()
    emitter.on('first', note('a'))
    emitter.holdWhile(() => {
      emitter.emit('first', 1)
      emitter.emit('first', 2)
      told.push('end of work')
    })
    expect(told).toEqual(['end of work', 'a 1', 'a 2'])
  })

  it('waits for the outermost work', () => {
    const { emitter, told, note } = setUp()
    emitter.on('first', note('a'))
    emitter.holdWhile(() => {
      emitter.holdWhile(() => emitter.emit('first', 1))
      told.push('end of work')
    })
    expect(told).toEqual(['end of work', 'a 1'])
  })

  it('waits for what is being told, if a listener does the work', () => {
    const { emitter, told, note } = setUp()
    emitter.on(
      'first',
      note('a', () => emitter.holdWhile(() => emitter.emit('second', 2))),
    )
    emitter.on('first', note('b'))
    emitter.on('second', note('c'))
    emitter.emit('first', 1)
    expect(told).toEqual(['a 1', 'b 1', 'c 2'])
  })

  it('goes on when the work throws', () => {
    const { emitter, told, note } = setUp()
    const error = new Error('work')
    emitter.on('first', note('a'))
    expect(() =>
      emitter.holdWhile(() => {
        throw error
      }),
    ).toThrow(error)
    emitter.emit('first', 1)
    expect(told).toEqual(['a 1'])
  })
})
