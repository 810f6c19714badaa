import { isBound } from './table.mjs'
import { medianOf, peers } from './read.mjs'
import { renderMarkdownTable } from './markdown.mjs'
import { formatNumber } from './numbers.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {import('./read.mjs').Place} Place
 */

/** @type {readonly { what: string, place: Place, wirehook?: string }[]} */
const rows = [
  {
    what: '20,000 messages, 1,000 components, one shows the newest, ms',
    place: { workload: 'burst-1000', figure: 'timeMs' },
  },
  {
    what: '1,000 messages in one task: a list has',
    place: { workload: 'one-task-script', figure: 'listed' },
  },
  {
    what: '2,000 messages/s, 100 rows: main thread busy, %',
    place: { workload: 'stream', figure: 'busyShare', per: 0.01 },
  },
  {
    what: 'a message is on screen after, µs',
    place: { workload: 'quiet', figure: 'p50Ms', per: 0.001 },
  },
  {
    what: 'echo, µs',
    place: { workload: 'echo', figure: 'p50Ms', per: 0.001 },
  },
  {
    what: 'mounting 1,000 components, ms',
    place: { workload: 'mounting', figure: 'timeMs' },
  },
  {
    what: '10,000 queued messages sent after, ms',
    place: { workload: 'flush', figure: 'timeMs' },
  },
  {
    what: 'a dead link, heartbeat of 1 s + 1 s, is replaced after, s',
    place: { workload: 'half-open', figure: 'timeMs', per: 1000 },
  },
  {
    what: 'minimal import, min + gzip, kB',
    place: { workload: 'sizes', figure: 'gzip', per: 1000 },
    wirehook: 'wirehook, minimal',
  },
]

/**
 * The figures the README shows. A dash is what a library does not do.
 *
 * @param {Result} result
 */
export function renderReadmeFigures(result) {
  const contenders = ['wirehook', 'floor', ...peers]
  const lines = rows.map(({ what, place, wirehook = 'wirehook' }) => [
    what,
    ...contenders.map((contender) =>
      renderCell(result, place, contender === 'wirehook' ? wirehook : contender),
    ),
  ])
  const head = ['', 'wirehook', 'by hand', ...peers]
  return `${renderMarkdownTable(head, lines)}\n\n${describe(result)}`
}

/**
 * @param {Result} result
 * @param {Place} place
 * @param {string} contender
 */
function renderCell(result, place, contender) {
  const value = formatNumber(medianOf(result, place, contender))
  return isBound(result, place, contender) ? `> ${value}` : value
}

/** @param {Result} result */
export function describe({ date, machine, versions }) {
  const { processor, cores, memoryGB, system } = machine
  return `Measured on ${date}: Chromium ${versions.chromium}, React ${versions.react}, Node ${versions.node}, ${processor} with ${cores} cores, ${memoryGB} GB, ${system}.`
}
