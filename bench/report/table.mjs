import { contenderNames, medianOf, ratioOf, samplesOf } from './read.mjs'
import { renderMarkdownTable } from './markdown.mjs'
import { formatNumber, formatRatio } from './numbers.mjs'
import { tables } from './tables.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {import('./tables.mjs').Column} Column
 */

/**
 * All that was measured, in Markdown.
 *
 * @param {Result} result
 */
export function renderMeasurements(result) {
  return [...tables.map((table) => renderOne(result, table)), renderSizes(result)]
    .filter((section) => section !== '')
    .join('\n\n')
}

/**
 * @param {Result} result
 * @param {import('./tables.mjs').Table} table
 */
function renderOne(result, { title, columns, note }) {
  const measured = columns.filter(({ place }) => result.workloads[place.workload])
  const rows = Object.entries(contenderNames)
    .filter(([contender]) =>
      measured.some(({ place }) => samplesOf(result, place, contender).length > 0),
    )
    .map(([contender, name]) => [
      name,
      ...measured.map((column) => renderCell(result, column, contender)),
    ])
  if (rows.length === 0) return ''
  const head = ['', ...measured.map((column) => column.title)]
  const table = renderMarkdownTable(head, rows)
  return `### ${title}\n\n${table}${note === undefined ? '' : `\n\n${note}`}`
}

/**
 * @param {Result} result
 * @param {Column} column
 * @param {string} contender
 */
function renderCell(result, { place, against, isCount }, contender) {
  const samples = samplesOf(result, place, contender)
  if (samples.length === 0) return '–'
  if (against !== undefined) return formatRatio(ratioOf(result, place, contender, against))
  const middle = formatNumber(medianOf(result, place, contender))
  if (isBound(result, place, contender)) return `> ${middle}`
  const isSteady = isCount === true || samples.length === 1
  return isSteady
    ? middle
    : `${middle} (${formatNumber(Math.min(...samples))}–${formatNumber(Math.max(...samples))})`
}

/**
 * Whether it took longer than anybody waited.
 *
 * @param {Result} result
 * @param {import('./read.mjs').Place} place
 * @param {string} contender
 */
export function isBound(result, place, contender) {
  const boundMs = Number(result.workloads[place.workload]?.parameters.boundMs ?? Infinity)
  return medianOf(result, { ...place, per: 1 }, contender) >= boundMs
}

/** @param {Result} result */
function renderSizes({ sizes }) {
  const rows = Object.entries(sizes).map(([name, figures]) => [
    name,
    ...['minified', 'gzip', 'brotli'].map((figure) =>
      ((figures[figure]?.[0] ?? Number.NaN) / 1000).toFixed(2),
    ),
  ])
  const table = renderMarkdownTable(['kB', 'minified', 'gzip', 'brotli'], rows)
  return `### Bytes of an import, without React\n\n${table}`
}
