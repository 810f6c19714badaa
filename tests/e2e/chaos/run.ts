import { pick, type ChaosHistory, type ChaosRecord } from './history'
import type { ChaosPlan } from './plan'
import { findViolations } from './rules'
import { startChaosWorld } from './world'

/** How much happened. */
export interface ChaosFigures {
  plans: number
  /** Messages that arrived, up and down. */
  up: number
  down: number
  /** Sockets and attempts that ended. */
  ends: number
  /** Numbers that a lost socket took with it. */
  lost: number
  /** Numbers that arrived on a socket the client had given up, after newer ones on a newer socket. */
  late: number
}

export const noFigures = (): ChaosFigures => ({
  plans: 0,
  up: 0,
  down: 0,
  ends: 0,
  lost: 0,
  late: 0,
})

/** Carries out a plan in a world of its own. */
export async function runPlan(
  { setting, steps }: ChaosPlan,
  figures: ChaosFigures,
): Promise<string[]> {
  const world = await startChaosWorld(setting)
  const history = await world.run(steps)
  addFigures(figures, history)
  return [...findViolations(history), ...(await world.end())]
}

export function addFigures(figures: ChaosFigures, { records }: ChaosHistory): void {
  const count = (type: ChaosRecord['type']): number => pick(records, type).length
  figures.plans += 1
  figures.up += count('arrived')
  figures.down += count('told')
  figures.ends += count('closed')
  figures.lost += count('handed') - count('arrived')
  figures.late += countLate(records)
}

function countLate(records: readonly ChaosRecord[]): number {
  let highest = 0
  let late = 0
  for (const { n } of pick(records, 'arrived')) {
    if (n < highest) late += 1
    highest = Math.max(highest, n)
  }
  return late
}
