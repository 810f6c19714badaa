import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { bench, root } from './harness/paths.mjs'
import { renderChart, renderReadmeFigures, renderTable, replaceBetweenMarks } from './report.mjs'

/**
 * Keeps a result, and brings every page up to date that shows it.
 *
 * @param {import('./result.ts').Result} result
 */
export async function publish(result) {
  const file = join(bench, 'results', 'latest.json')
  const style = await resolveConfig(file)
  mkdirSync(join(bench, 'results'), { recursive: true })
  writeFileSync(file, await format(JSON.stringify(result), { ...style, parser: 'json' }))
  writeFileSync(join(bench, 'chart.svg'), renderChart(result))
  update(join(bench, 'README.md'), 'results', renderTable(result))
  update(join(root, 'README.md'), 'figures', renderReadmeFigures(result))
}

/**
 * @param {string} file
 * @param {string} name of the marks in it
 * @param {string} text
 */
function update(file, name, text) {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (page.includes(`<!-- ${name} -->`)) writeFileSync(file, replaceBetweenMarks(page, name, text))
}
