import { renderBehind } from './report/behind.mjs'
import { renderBudgets } from './report/budgets.mjs'
import { contenderNames } from './report/read.mjs'
import { describe } from './report/readme-figures.mjs'
import { renderMeasurements } from './report/table.mjs'

export { checkBudgets } from './report/budgets.mjs'
export { renderChart } from './report/chart.mjs'
export { replaceBetweenMarks } from './report/markdown.mjs'
export { renderReadmeFigures } from './report/readme-figures.mjs'

/**
 * Everything, for the terminal and for `README.md` beside this file.
 *
 * @param {import('./result.ts').Result} result
 */
export function renderTable(result) {
  const versions = Object.entries(result.versions)
    .filter(([name]) => name in contenderNames)
    .map(([name, version]) => `${name} ${version}`)
  return [
    `${describe(result)} ${versions.join(', ')}.`,
    ...(result.isQuick
      ? ['**This was only a try: less was done than the titles say, and all at once.**']
      : []),
    'Medians of all repetitions, from the lowest to the highest in brackets.',
    renderMeasurements(result),
    renderBudgets(result),
    renderBehind(result),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
