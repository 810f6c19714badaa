import type { Reporter, TestModule } from 'vitest/node'
import { faultGroups } from './fault-rows.ts'

/** The only row to report, if not all of them were run. */
const askedRow = process.env.WIREHOOK_FAULT_ROW

type Outcome = 'survived' | 'failed' | 'not here' | 'not run' | 'untested'

interface RowResult {
  readonly outcome: Outcome
  readonly tests: number
  readonly seconds: number
}

/**
 * Prints what became of each row of the fault list. A row that nothing has proven fails the run; one
 * that cannot be tried on this machine does so only in continuous integration.
 */
export default class FaultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = faultGroups
      .flatMap((group) => group.rows)
      .filter(({ id }) => !askedRow || id === askedRow)
      .map((row) => ({ ...row, ...judge(row.id, modules, row.notRun) }))
    console.table(
      Object.fromEntries(
        rows.map(({ id, fault, outcome, tests, seconds }) => [
          id,
          { fault: shorten(fault), outcome, tests, seconds },
        ]),
      ),
    )
    for (const { id, notRun } of rows) if (notRun) console.log(`${id} is not run: ${notRun}`)
    const count = (...outcomes: Outcome[]): number =>
      rows.filter(({ outcome }) => outcomes.includes(outcome)).length
    const unproven = count('failed', 'untested', ...(process.env.CI ? ['not here' as const] : []))
    console.log(`\nFaults: ${count('survived')} survived, ${unproven} not`)
    if (count('not here')) console.log('Not here: it takes a browser or a system of another kind.')
    if (unproven > 0) process.exitCode = 1
  }
}

function judge(id: string, modules: readonly TestModule[], notRun?: string): RowResult {
  const tests = modules.flatMap((module) =>
    [...module.children.allTests()].filter(({ tags }) => tags.includes(`fault-${id}`)),
  )
  const states = tests.map((test) => test.result().state)
  const durationMs = tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0)
  return {
    outcome: notRun ? 'not run' : judgeStates(states),
    tests: tests.length,
    seconds: Number((durationMs / 1000).toFixed(1)),
  }
}

/** Some tests are skipped where there is nothing to test, such as Activity on React 18. */
function judgeStates(states: readonly string[]): Outcome {
  if (states.length === 0) return 'untested'
  if (states.includes('failed')) return 'failed'
  return states.includes('passed') ? 'survived' : 'not here'
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
