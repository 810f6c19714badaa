import type { ChaosPlan, ChaosStep } from './plan'

/** Candidates that are tried at the same time, each more than once: much depends on the moment. */
const candidatesAtOnce = 4
const triesEach = 2

/** Says what is wrong with a plan, if anything is. */
export type TryPlan = (plan: ChaosPlan) => Promise<string | null>

/** A plan that broke a promise, and which it was. */
export interface BrokenPlan {
  readonly plan: ChaosPlan
  readonly found: string
}

/**
 * Leaves out steps, ever smaller pieces at a time, as long as what is left breaks a promise too
 * (Zeller and Hildebrandt's delta debugging).
 *
 * @param deadline on the clock of `performance.now()`
 */
export async function shrink(
  broken: BrokenPlan,
  tryPlan: TryPlan,
  deadline: number,
): Promise<BrokenPlan> {
  let shortest = broken
  let pieceCount = 2
  while (pieceCount <= shortest.plan.steps.length && performance.now() < deadline) {
    const { setting, steps } = shortest.plan
    const candidates = leaveOutEach(steps, pieceCount).map((rest) => ({ setting, steps: rest }))
    const shorter = await findBroken(candidates, tryPlan, deadline)
    if (!shorter && pieceCount === steps.length) break
    pieceCount = shorter ? Math.max(2, pieceCount - 1) : Math.min(steps.length, pieceCount * 2)
    shortest = shorter ?? shortest
  }
  return shortest
}

/** The steps without one of so many pieces, for each piece. */
function leaveOutEach(steps: readonly ChaosStep[], pieceCount: number): ChaosStep[][] {
  const size = Math.ceil(steps.length / pieceCount)
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, piece) =>
    steps.toSpliced(piece * size, size),
  )
}

async function findBroken(
  candidates: readonly ChaosPlan[],
  tryPlan: TryPlan,
  deadline: number,
): Promise<BrokenPlan | null> {
  for (let next = 0; next < candidates.length; next += candidatesAtOnce) {
    if (performance.now() > deadline) return null
    const group = candidates.slice(next, next + candidatesAtOnce)
    const tries = group.flatMap((plan) => Array.from({ length: triesEach }, () => plan))
    const outcomes = await Promise.all(
      tries.map(async (plan) => ({ plan, found: await tryPlan(plan) })),
    )
    for (const { plan, found } of outcomes) if (found !== null) return { plan, found }
  }
  return null
}
