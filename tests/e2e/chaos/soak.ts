import * as fc from 'fast-check'
import { anySteps, type ChaosSetting } from './plan'
import { measureResources, type Resources } from './resources'
import { addFigures, type ChaosFigures } from './run'
import { findViolations } from './rules'
import { explain } from './search'
import { startChaosWorld } from './world'

export interface SoakResult {
  /** The first round that broke a promise, or `null`. */
  readonly failure: string | null
  /** What the process held after the first rounds, and in the end. */
  readonly early: Resources
  readonly late: Resources
}

/** What is made once, and what V8 compiles, is there after that many rounds. */
const warmUpRounds = 5

/** The usual setting. */
const setting: ChaosSetting = {
  seed: 1,
  isSlow: false,
  hasHandshake: true,
  maxMessages: 1000,
  overflow: 'reject',
  highWaterBytes: 262_144,
}

/** One connection through one plan after another; between them nobody uses it. */
export async function soak(
  firstSeed: number,
  durationMs: number,
  figures: ChaosFigures,
): Promise<SoakResult> {
  const deadline = performance.now() + durationMs
  const world = await startChaosWorld(setting)
  let early: Resources | undefined
  let failure: string | null = null
  for (let round = 0; failure === null; round += 1) {
    if (round === warmUpRounds) early = await measureResources()
    if (early && performance.now() > deadline) break
    failure = await runRound(firstSeed + round)
  }
  const late = await measureResources()
  await world.end()
  return { failure, early: early ?? late, late }

  async function runRound(seed: number): Promise<string | null> {
    const [steps = []] = fc.sample(fc.noBias(anySteps), { seed, numRuns: 1 })
    const history = await world.run(steps)
    addFigures(figures, history)
    const violations = [...findViolations(history), ...(await world.rest())]
    if (!violations.length) return null
    const found = violations.join('\n')
    return explain({ plan: { setting, steps }, found }, seed)
  }
}
