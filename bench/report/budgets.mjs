import { findBestPeer, medianOf, ratioOf } from './read.mjs'
import { renderMarkdownTable } from './markdown.mjs'
import { formatNumber, formatRatio } from './numbers.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {object} Budget
 * @property {string} what
 * @property {string} budget
 * @property {string} measured
 * @property {boolean} isMet
 */

/**
 * What the package has set itself, each beside what was measured.
 *
 * @param {Result} result
 * @returns {readonly Budget[]}
 */
export function checkBudgets(result) {
  return [...checkSizes(result), ...checkBursts(result), ...checkRest(result)].filter(
    ({ measured }) => !measured.includes('–'),
  )
}

/** @param {Result} result */
function checkSizes(result) {
  return [
    { what: 'minimal import, min + gzip', import: 'wirehook, minimal', limit: 4.9 },
    { what: 'all of wirehook, min + gzip', import: 'wirehook', limit: 6.8 },
  ].map(({ what, import: name, limit }) => {
    const size = medianOf(result, { workload: 'sizes', figure: 'gzip', per: 1000 }, name)
    return budget(what, `≤ ${limit} kB`, `${size.toFixed(2)} kB`, size <= limit)
  })
}

/** @param {Result} result */
function checkBursts(result) {
  const time = { workload: 'burst-1000', figure: 'timeMs' }
  const script = { workload: 'burst-1000', figure: 'scriptMs' }
  const inTime = ratioOf(result, time, 'wirehook', 'raw')
  const inScript = ratioOf(result, script, 'wirehook', 'raw')
  // The floor with one component is another workload: its repetitions are no pairs of these.
  const ofFloor =
    medianOf(result, time, 'wirehook-last-message') /
    medianOf(result, { ...time, workload: 'burst-1' }, 'floor')
  const inOneTask = 'one-task-script'
  const statusRenders = medianOf(
    result,
    { workload: inOneTask, figure: 'statusRenders' },
    'wirehook',
  )
  const renders = medianOf(result, { workload: inOneTask, figure: 'renders' }, 'wirehook')
  const heard = medianOf(result, { workload: inOneTask, figure: 'heard' }, 'wirehook')
  const sent = Number(result.workloads[inOneTask]?.parameters.messages)
  const burst = '20,000 messages, 1,000 components'
  return [
    budget(`${burst}: time / bare socket`, '≤ 1.1×', formatRatio(inTime), inTime <= 1.1),
    budget(`${burst}: script / bare socket`, '≤ 1.4×', formatRatio(inScript), inScript <= 1.4),
    budget(
      `${burst}, \`lastMessage\`: time / floor with one`,
      '≤ 1×',
      formatRatio(ofFloor),
      ofFloor <= 1,
    ),
    budget(
      'renders of those that read only the status, over 1,000 messages',
      '0',
      formatNumber(statusRenders),
      statusRenders === 0,
    ),
    budget('1,000 messages in one task: renders', '≤ 2', formatNumber(renders), renders <= 2),
    budget(
      '1,000 messages in one task: a listener hears',
      'all',
      formatNumber(heard),
      heard === sent,
    ),
  ]
}

/** @param {Result} result */
function checkRest(result) {
  const busy = { workload: 'stream', figure: 'busyShare' }
  const flush = { workload: 'flush', figure: 'timeMs' }
  const bestStream = findBestPeer(result, busy)
  const bestFlush = findBestPeer(result, flush)
  return [
    compare('echo round trip / bare socket', 1.02, { workload: 'echo', figure: 'p50Ms' }, 'raw'),
    compare(
      'event to text on a quiet connection / floor',
      1,
      { workload: 'quiet', figure: 'p50Ms' },
      'floor',
    ),
    compare('mount of 1,000 / floor', 1, { workload: 'mounting', figure: 'timeMs' }, 'floor'),
    compare('heap of each / floor', 1, { workload: 'mounting', figure: 'heapBytes' }, 'floor'),
    compare(`2,000 messages a second: busy / ${bestStream}`, 0.6, busy, bestStream),
    compare(`flush of 10,000 / ${bestFlush}`, 1, flush, bestFlush),
  ]

  /**
   * @param {string} what
   * @param {number} limit
   * @param {import('./read.mjs').Place} place
   * @param {string} other
   */
  function compare(what, limit, place, other) {
    const ratio = ratioOf(result, place, 'wirehook', other)
    return budget(what, `≤ ${limit}×`, formatRatio(ratio), ratio <= limit)
  }
}

/**
 * @param {string} what
 * @param {string} limit
 * @param {string} measured
 * @param {boolean} isMet
 * @returns {Budget}
 */
function budget(what, limit, measured, isMet) {
  return { what, budget: limit, measured, isMet }
}

/** @param {Result} result */
export function renderBudgets(result) {
  const rows = checkBudgets(result).map(({ what, budget: limit, measured, isMet }) => [
    what,
    limit,
    measured,
    isMet ? 'met' : 'not met',
  ])
  return `### Budgets\n\n${renderMarkdownTable(['', 'budget', 'measured', ''], rows)}`
}
