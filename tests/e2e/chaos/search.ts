import * as fc from 'fast-check'
import { anyPlan, describePlan, type ChaosPlan } from './plan'
import { noFigures, runPlan, type ChaosFigures } from './run'
import { shrink, type BrokenPlan } from './shrink'

/** How long a plan that failed is shrunk. */
export const shrinkMs = 90_000

/** The plan of a seed. */
export function planOf(seed: number): ChaosPlan {
  const [plan] = fc.sample(fc.noBias(anyPlan), { seed, numRuns: 1 })
  if (!plan) throw new Error(`There is no plan for the seed ${seed}.`)
  return plan
}

/** @returns what went wrong, or `null` */
export async function tryPlan(plan: ChaosPlan, figures: ChaosFigures): Promise<string | null> {
  const violations = await runPlan(plan, figures)
  return violations.length ? violations.join('\n') : null
}

/** The shortest plan that was found to break a promise too, and how to see it again. */
export async function explain(broken: BrokenPlan, seed: number): Promise<string> {
  const { plan, found } = await shrink(
    broken,
    (shorter) => tryPlan(shorter, noFigures()),
    performance.now() + shrinkMs,
  )
  return [
    found,
    describePlan(plan),
    `The whole plan again: WIREHOOK_CHAOS_SEED=${seed}`,
    `This one: WIREHOOK_CHAOS_PLAN='${JSON.stringify(plan)}'`,
  ].join('\n')
}
