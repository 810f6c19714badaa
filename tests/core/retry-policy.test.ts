import { describe, expect, it } from 'vitest'
import type { CloseInfo } from '../../src/core/connection'
import { resolveOptions, type ReconnectOptions } from '../../src/core/connection-options'
import { backoffMs, judge, type Verdict } from '../../src/core/retry-policy'

const almostOne = 1 - Number.EPSILON

function policy(options: ReconnectOptions = {}) {
  return resolveOptions({ reconnect: options }).reconnect
}

function closeWith(code: number | null): CloseInfo {
  return {
    code,
    reason: '',
    wasClean: true,
    by: 'server',
    openForMs: 10,
    at: 0,
    error: null,
  }
}

function judged(
  code: number | null,
  options: ReconnectOptions = {},
  { failures = 1, previousCode = null as number | null, random = 0.5 } = {},
): Verdict {
  return judge(closeWith(code), failures, previousCode, random, policy(options))
}

/** A generator with a seed (mulberry32), so that a test of chance always sees the same chance. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('backoff (R3)', () => {
  it('doubles its window with every failure, up to a cap', () => {
    const windows = [1, 2, 3, 4, 5, 6, 7, 8, 40].map((failures) =>
      Math.round(backoffMs(failures, almostOne, policy())),
    )
    expect(windows).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  it('grows by the factor it is given', () => {
    const options = policy({ minDelayMs: 100, factor: 3, maxDelayMs: 2000 })
    const windows = [1, 2, 3, 4].map((failures) =>
      Math.round(backoffMs(failures, almostOne, options)),
    )
    expect(windows).toEqual([100, 300, 900, 2000])
  })

  it.each([1, 4, 50])('is spread evenly over the whole window after %i failures', (failures) => {
    const random = createRandom(20 + failures)
    const draws = 8000
    const buckets = Array.from({ length: 16 }, () => 0)
    const floor = 50
    const window = Math.min(30_000, 500 * 2 ** (failures - 1))
    for (let draw = 0; draw < draws; draw += 1) {
      const share = (backoffMs(failures, random(), policy()) - floor) / (window - floor)
      const bucket = Math.floor(share * buckets.length)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }
    const expected = draws / buckets.length
    const chiSquare = buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(buckets).toHaveLength(16)
    // 99.9 % of fair generators stay below this with 15 degrees of freedom.
    expect(chiSquare).toBeLessThan(37.7)
  })

  it('waits at least 50 ms, whatever the options', () => {
    for (const options of [
      {},
      { minDelayMs: 0 },
      { maxDelayMs: 0 },
      { factor: 0 },
      { maxDelayMs: 10 },
    ]) {
      for (const failures of [1, 2, 100]) {
        expect(backoffMs(failures, 0, policy(options))).toBe(50)
      }
    }
    expect(backoffMs(1, almostOne, policy({ minDelayMs: 0 }))).toBe(50)
  })

  it.each([
    {},
    { minDelayMs: 0 },
    { minDelayMs: 0, maxDelayMs: 0 },
    { factor: 1e300 },
    { factor: Infinity, minDelayMs: 0 },
    { minDelayMs: Infinity },
  ])('stays finite and within its bounds with %o', (options) => {
    for (const failures of [1, 2, 1023, 1025, 1e6, Number.MAX_SAFE_INTEGER]) {
      for (const random of [0, 0.5, almostOne]) {
        const delayMs = backoffMs(failures, random, policy(options))
        expect(delayMs).toBeGreaterThanOrEqual(50)
        expect(delayMs).toBeLessThanOrEqual(30_000)
      }
    }
  })
})

describe('the verdict by close code (R4)', () => {
  const retried = [null, 1000, 1001, 1005, 1006, 1011, 1012, 1014, 3000, 4000, 4402, 4405, 4499]
  const final = [1002, 1003, 1007, 1008, 1009, 1010, 4400, 4403, 4404, 4500, 4501, 4999]

  it.each(retried)('%s: backoff', (code) => {
    expect(judged(code)).toEqual({ delayMs: 275, firmMs: 0 })
  })

  it.each(final)('%i: for good', (code) => {
    expect(judged(code)).toBe('closed-for-good')
  })

  it.each([1013, 4429])('%i: backoff after 5 s that nothing cuts', (code) => {
    expect(judged(code, {}, { random: 0 })).toEqual({ delayMs: 5050, firmMs: 5000 })
    expect(judged(code, {}, { random: 0.5 })).toEqual({ delayMs: 5275, firmMs: 5000 })
  })

  it('4401: at once, then for good', () => {
    expect(judged(4401)).toEqual({ delayMs: 0, firmMs: 0 })
    expect(judged(4401, {}, { failures: 2, previousCode: 1006 })).toEqual({ delayMs: 0, firmMs: 0 })
    expect(judged(4401, {}, { failures: 2, previousCode: 4401 })).toBe('unauthorized')
  })

  it('another code after 4401 is judged as itself', () => {
    expect(judged(1006, {}, { failures: 2, previousCode: 4401 })).toEqual({
      delayMs: 525,
      firmMs: 0,
    })
  })
})

describe('maxAttempts', () => {
  it('allows that many failures and one more ends it', () => {
    expect(judged(1006, { maxAttempts: 3 }, { failures: 3 })).toHaveProperty('delayMs')
    expect(judged(1006, { maxAttempts: 3 }, { failures: 4 })).toBe('attempts-exhausted')
    expect(judged(1006, { maxAttempts: 0 }, { failures: 1 })).toBe('attempts-exhausted')
  })

  it('counts the retry with a fresh token, and those that decide asks for', () => {
    expect(judged(4401, { maxAttempts: 0 })).toBe('attempts-exhausted')
    expect(judged(1006, { maxAttempts: 0, decide: () => 'retry' })).toBe('attempts-exhausted')
    expect(judged(1006, { maxAttempts: 0, decide: () => 10 })).toBe('attempts-exhausted')
  })

  it('is not blamed for a code that is final anyway', () => {
    expect(judged(4403, { maxAttempts: 0 })).toBe('closed-for-good')
  })
})

describe('decide', () => {
  it('that says to wait for ever stops, and null is no decision', () => {
    expect(judged(1006, { decide: () => Infinity })).toBe('closed-for-good')
    expect(judged(1008, { decide: () => null as unknown as undefined })).toBe('closed-for-good')
  })

  it.each([1006, 1000, 1013, 4401, 4403, null])('stops whatever follows %s', (code) => {
    expect(judged(code, { decide: () => 'stop' })).toBe('closed-for-good')
  })

  it.each([1006, 4401, 4403])('retries with backoff after %i', (code) => {
    const verdict = judged(code, { decide: () => 'retry' }, { previousCode: 4401 })
    expect(verdict).toEqual({ delayMs: 275, firmMs: 0 })
  })

  it('does not take the pause of an overloaded server away', () => {
    expect(judged(1013, { decide: () => 'retry' })).toEqual({ delayMs: 5275, firmMs: 5000 })
  })

  it('gives a delay that neither jitter nor a wake-up changes', () => {
    for (const code of [1006, 1013, 4401, 4403]) {
      const verdict = judged(code, { decide: () => 1234 }, { previousCode: 4401 })
      expect(verdict).toEqual({ delayMs: 1234, firmMs: 1234 })
    }
  })

  it.each([0, 49, -1, NaN, -Infinity])('does not make a hot loop with %d', (delayMs) => {
    expect(judged(1006, { decide: () => delayMs })).toEqual({ delayMs: 50, firmMs: 50 })
  })

  it('that returns nothing keeps the rules', () => {
    const decide = (): undefined => undefined
    expect(judged(1006, { decide })).toEqual({ delayMs: 275, firmMs: 0 })
    expect(judged(4403, { decide })).toBe('closed-for-good')
    expect(judged(4401, { decide })).toEqual({ delayMs: 0, firmMs: 0 })
    expect(judged(4401, { decide }, { previousCode: 4401 })).toBe('unauthorized')
  })

  it('is asked once for each end', () => {
    let calls = 0
    const decide = (): undefined => {
      calls += 1
    }
    judged(1006, { decide })
    expect(calls).toBe(1)
  })
})
