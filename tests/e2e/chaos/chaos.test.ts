import { describe, expect, it } from 'vitest'
import type { ChaosPlan } from './plan'
import { measureResources, type Resources } from './resources'
import { noFigures, type ChaosFigures } from './run'
import { explain, planOf, shrinkMs, tryPlan } from './search'
import type { BrokenPlan } from './shrink'
import { soak } from './soak'

const { WIREHOOK_CHAOS_SEED, WIREHOOK_CHAOS_PLAN, WIREHOOK_CHAOS_MINUTES } = process.env

/** Random unless it is given, so that every run looks at something new, and prints what it was. */
const firstSeed = Number(WIREHOOK_CHAOS_SEED ?? Math.floor(Math.random() * 1e9))

/** Run again and again instead of those of seeds, if it is given. */
const givenPlan =
  WIREHOOK_CHAOS_PLAN === undefined ? null : (JSON.parse(WIREHOOK_CHAOS_PLAN) as ChaosPlan)

const totalMs = Number(WIREHOOK_CHAOS_MINUTES ?? 1) * 60_000
const plansMs = totalMs * 0.7
const soakMs = totalMs * 0.3

/** Plans that run at the same time; they wait most of it. */
const laneCount = 4

/** How often all lanes rest, to look at what the process still holds. */
const lapMs = 7000

/** More than measurements differ by on their own, for the heap of a test run is not only ours. */
const heapSlackBytes = 4_000_000

/** Beyond the time for chaos: what is under way is finished, and what fails is shrunk. */
const timeout = totalMs + shrinkMs + 60_000

function print(kind: string, figures: ChaosFigures, early: Resources, late: Resources): void {
  const [earlyHeap, lateHeap] = [early, late].map(({ heapBytes }) => (heapBytes / 1e6).toFixed(1))
  console.info(
    `chaos, ${kind}: seed ${firstSeed}, ${JSON.stringify(figures)}, ` +
      `heap ${earlyHeap} to ${lateHeap} MB, handles ${JSON.stringify(late.handles)}`,
  )
}

function expectFlat(early: Resources, late: Resources): void {
  expect(late.handles).toEqual(early.handles)
  expect(late.heapBytes - early.heapBytes).toBeLessThan(heapSlackBytes)
}

describe('whatever a network, a server and a page do at random', { tags: ['fault-chaos'] }, () => {
  it('no message is doubled, out of order or lost untold', { timeout }, async () => {
    const figures = noFigures()
    const broken: (BrokenPlan & { readonly seed: number })[] = []
    const deadline = performance.now() + plansMs
    let nextSeed = firstSeed

    async function runLane(until: number): Promise<void> {
      while (performance.now() < until && !broken.length) {
        const seed = nextSeed
        nextSeed += 1
        const plan = givenPlan ?? planOf(seed)
        const found = await tryPlan(plan, figures)
        if (found !== null) broken.push({ plan, found, seed })
      }
    }

    async function runLap(): Promise<Resources> {
      const until = Math.min(deadline, performance.now() + lapMs)
      await Promise.all(Array.from({ length: laneCount }, () => runLane(until)))
      const [first] = broken
      if (first) throw new Error(await explain(first, first.seed))
      return measureResources()
    }

    const early = await runLap()
    let late = early
    while (performance.now() < deadline) late = await runLap()
    print('plans', figures, early, late)
    expectFlat(early, late)
  })

  it('a connection that lives through it all stays as small as it was', { timeout }, async () => {
    const figures = noFigures()
    const { failure, early, late } = await soak(firstSeed, soakMs, figures)
    expect(failure).toBe(null)
    print('one connection', figures, early, late)
    expectFlat(early, late)
  })
})
