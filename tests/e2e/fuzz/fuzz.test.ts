import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFrame } from './frames'
import { heapSlackBytes, measureGrowth } from './growth'
import { arePrototypesPoisoned } from './prototypes'
import { feed, type Fates } from './run'
import { anySetting } from './setting'

/** fast-check prints both when it finds something. */
const { WIREHOOK_FUZZ_SEED, WIREHOOK_FUZZ_PATH } = process.env

const replay = {
  ...(WIREHOOK_FUZZ_SEED !== undefined && { seed: Number(WIREHOOK_FUZZ_SEED) }),
  ...(WIREHOOK_FUZZ_PATH !== undefined && { path: WIREHOOK_FUZZ_PATH }),
}

const batchCount = 1000
const batchSize = 100

describe('100,000 frames of random bytes and mutated JSON', { tags: ['fault-fuzz'] }, () => {
  // First, for what the other test leaves to be collected would hide what grows in this one.
  it('leave a connection as small as it was', { timeout: 120_000 }, async () => {
    const growth = await measureGrowth()
    console.info(`fuzz: heap grows by ${growth.heapBytes} bytes, ${growth.topics} topics are kept`)
    expect(growth.topics).toBeLessThanOrEqual(1000)
    expect(growth.heapBytes).toBeLessThan(heapSlackBytes)
  })

  it('are each told, refused or swallowed, and poison nothing', { timeout: 240_000 }, async () => {
    const total: Fates = { told: 0, refused: 0, swallowed: 0 }
    const anyBatch = fc.array(anyFrame, { minLength: batchSize, maxLength: batchSize })
    await fc.assert(
      fc.asyncProperty(anySetting, anyBatch, async (setting, frames) => {
        const fates = await feed(setting, frames)
        expect(arePrototypesPoisoned()).toBe(false)
        total.told += fates.told
        total.refused += fates.refused
        total.swallowed += fates.swallowed
      }),
      { ...replay, numRuns: batchCount },
    )
    console.info(`fuzz: ${JSON.stringify(total)}`)
    expect(total.told + total.refused + total.swallowed).toBe(batchCount * batchSize)
    // Each of them has to be met often, or this test has stopped looking.
    expect(Math.min(...Object.values(total))).toBeGreaterThan(5000)
  })
})
