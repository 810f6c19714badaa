import { median, medianRatio } from '../statistics.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {object} Place where a figure stands in a result
 * @property {string} workload or `sizes`
 * @property {string} figure
 * @property {number} [per] how many of its unit are one of the unit to be shown
 */

/** As they are called in tables, in the order in which they stand there. */
export const contenderNames = /** @type {const} */ ({
  raw: 'bare socket, no React',
  floor: 'floor',
  wirehook: 'wirehook',
  'wirehook-last-message': 'wirehook, `lastMessage`',
  'react-use-websocket': 'react-use-websocket',
  partysocket: 'partysocket',
  ahooks: 'ahooks',
  'reconnecting-websocket': 'reconnecting-websocket',
})

export const peers = /** @type {const} */ ([
  'react-use-websocket',
  'partysocket',
  'ahooks',
  'reconnecting-websocket',
])

/**
 * All samples of a figure; none if that contender does not do it.
 *
 * @param {Result} result
 * @param {Place} place
 * @param {string} contender
 */
export function samplesOf(result, { workload, figure, per = 1 }, contender) {
  const measured =
    workload === 'sizes' ? result.sizes : (result.workloads[workload]?.contenders ?? {})
  return (measured[contender]?.[figure] ?? []).map((sample) => sample / per)
}

/**
 * @param {Result} result
 * @param {Place} place
 * @param {string} contender
 */
export function medianOf(result, place, contender) {
  return median(samplesOf(result, place, contender))
}

/**
 * @param {Result} result
 * @param {Place} place
 * @param {string} contender
 * @param {string} other
 */
export function ratioOf(result, place, contender, other) {
  return medianRatio(samplesOf(result, place, contender), samplesOf(result, place, other))
}

/**
 * The peer with the lowest figure.
 *
 * @param {Result} result
 * @param {Place} place
 */
export function findBestPeer(result, place) {
  const [best] = peers
    .filter((peer) => samplesOf(result, place, peer).length > 0)
    .toSorted((one, other) => medianOf(result, place, one) - medianOf(result, place, other))
  return best ?? peers[0]
}
