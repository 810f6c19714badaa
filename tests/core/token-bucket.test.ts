import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveOptions, type PacingOptions } from '../../src/core/connection-options'
import { nextTokenAt, takeToken } from '../../src/core/token-bucket'

const start = 1_000_000_000_000

function createBucket(options: PacingOptions) {
  const { pacing } = resolveOptions({ pacing: options })
  let fullAt = -Infinity
  return {
    nextAt: (at: number) => nextTokenAt(fullAt, at, pacing),
    take(at: number) {
      fullAt = takeToken(fullAt, at, pacing)
    },
    /** How many can be taken at once. */
    takeAll(at: number): number {
      let taken = 0
      for (; taken < 10_000 && nextTokenAt(fullAt, at, pacing) <= at; taken += 1) {
        fullAt = takeToken(fullAt, at, pacing)
      }
      return taken
    },
  }
}

describe('a bucket', () => {
  it('has a token at first', () => {
    expect(createBucket({ messagesPerSecond: 1 }).nextAt(start)).toBeLessThanOrEqual(start)
  })

  it('has one for each interval, and no more than one without a burst', () => {
    const { take, takeAll, nextAt } = createBucket({ messagesPerSecond: 4 })
    expect(takeAll(start)).toBe(1)
    expect(nextAt(start)).toBe(start + 250)
    expect(takeAll(start + 249)).toBe(0)
    expect(takeAll(start + 250)).toBe(1)
    take(start + 60_000)
    expect(takeAll(start + 60_000)).toBe(0)
  })

  it('saves up as many as its burst in a quiet time, and no more', () => {
    const { takeAll } = createBucket({ messagesPerSecond: 10, burst: 5 })
    expect(takeAll(start)).toBe(5)
    expect(takeAll(start + 99)).toBe(0)
    expect(takeAll(start + 200)).toBe(2)
    expect(takeAll(start + 3_600_000)).toBe(5)
  })

  it.each([0, 0.5, 1])('with a burst of %d holds one', (burst) => {
    const { takeAll, nextAt } = createBucket({ messagesPerSecond: 10, burst })
    expect(takeAll(start)).toBe(1)
    expect(nextAt(start)).toBe(start + 100)
  })

  it.each([0, Infinity])('with messagesPerSecond %d never runs dry', (messagesPerSecond) => {
    expect(createBucket({ messagesPerSecond }).takeAll(start)).toBe(10_000)
    expect(createBucket({ messagesPerSecond, burst: Infinity }).takeAll(start)).toBe(10_000)
  })

  it('with an endless burst has tokens for everybody', () => {
    const { takeAll } = createBucket({ messagesPerSecond: 1, burst: Infinity })
    expect(takeAll(start)).toBe(10_000)
  })

  it('may fill up more slowly than one a second', () => {
    const { takeAll } = createBucket({ messagesPerSecond: 0.1 })
    expect(takeAll(start)).toBe(1)
    expect(takeAll(start + 9999)).toBe(0)
    expect(takeAll(start + 10_000)).toBe(1)
  })

  it('never puts off the next token for longer than one takes, also if the clock was set back', () => {
    const { takeAll, nextAt } = createBucket({ messagesPerSecond: 2, burst: 3 })
    takeAll(start)
    expect(nextAt(start - 3_600_000)).toBe(start - 3_600_000 + 500)
  })
})

const anyPace = fc.record({
  messagesPerSecond: fc.constantFrom(0.5, 1, 3, 7, 10, 100),
  burst: fc.constantFrom(1, 2, 5, 20),
})

/** The moments at which somebody who always wants to send could, looking again after each gap. */
function sendWhenever(bucket: ReturnType<typeof createBucket>, gaps: readonly number[]): number[] {
  const sentAt: number[] = []
  let at = start
  for (const gap of gaps) {
    at += gap
    while (bucket.nextAt(at) <= at) {
      bucket.take(at)
      sentAt.push(at)
    }
  }
  return sentAt
}

const anyGaps = fc.array(fc.constantFrom(0, 1, 16, 100, 333, 1000, 20_000), { maxLength: 60 })

it('never lets out more than burst + messagesPerSecond * seconds, in whatever window', () => {
  fc.assert(
    fc.property(anyPace, anyGaps, (pace, gaps) => {
      const sentAt = sendWhenever(createBucket(pace), [0, ...gaps])
      sentAt.forEach((from, first) => {
        sentAt.slice(first).forEach((until, more) => {
          const seconds = (until - from) / 1000
          const allowed = pace.burst + pace.messagesPerSecond * seconds
          expect(more + 1).toBeLessThanOrEqual(allowed + 1e-6)
        })
      })
    }),
    { numRuns: 300 },
  )
})

it('lets out all that the pace allows to whoever always has something to send', () => {
  fc.assert(
    fc.property(anyPace, fc.integer({ min: 1, max: 200 }), (pace, count) => {
      const bucket = createBucket(pace)
      let at = start
      for (let n = 0; n < count; n += 1) {
        at = Math.max(at, bucket.nextAt(at))
        bucket.take(at)
      }
      const seconds = Math.max(0, count - pace.burst) / pace.messagesPerSecond
      expect((at - start) / 1000).toBeCloseTo(seconds, 3)
    }),
    { numRuns: 100 },
  )
})
