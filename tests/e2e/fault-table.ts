import { faultGroups, type FaultRow } from './fault-rows.ts'

/** The fault list as Markdown, one table for each group. */
export function renderFaultTables(): string {
  const tables = faultGroups.map(({ title, rows }) => {
    const tested = rows.filter(({ notRun }) => notRun === undefined)
    const untested = rows.filter(({ notRun }) => notRun !== undefined)
    return [`### ${title}`, '', ...renderTable(tested), ...renderUntested(untested)].join('\n')
  })
  return tables.join('\n\n')
}

function renderTable(rows: readonly FaultRow[]): string[] {
  if (rows.length === 0) return []
  return [
    '| # | Fault | How it is injected | What a user sees |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.id} | ${row.fault} | ${row.injected} | ${row.seen} |`),
  ]
}

function renderUntested(rows: readonly FaultRow[]): string[] {
  if (rows.length === 0) return []
  return ['', 'Not run:', '', ...rows.map((row) => `- ${row.id}: ${row.fault}: ${row.notRun}.`)]
}
