import { contenderNames, medianOf, peers, ratioOf, samplesOf } from './read.mjs'
import { renderMarkdownTable } from './markdown.mjs'
import { formatNumber, formatRatio } from './numbers.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {{ what: string, why: string, place: import('./read.mjs').Place, wirehook?: string }} Figure
 */

/** @type {readonly Figure[]} */
const figures = [
  {
    what: '20,000 messages, 1,000 components, ms',
    place: { workload: 'burst-1000', figure: 'timeMs' },
    why: 'They hand each event on as it is. Here every message passes size limit, codec, heartbeat, schema, order and topics.',
  },
  {
    what: 'the same through `lastMessage`, ms',
    place: { workload: 'burst-1000', figure: 'timeMs' },
    wirehook: 'wirehook-last-message',
    why: '`lastMessage` renders for every message, so that an effect on it sees them all; what they set with `setState`, React shows a few times and drops in between. `useLatestMessage` is for this.',
  },
  ...[1, 100].map((components) => ({
    what: `20,000 messages, ${components} ${components === 1 ? 'component' : 'components'}, ms`,
    place: { workload: `burst-${components}`, figure: 'timeMs' },
    why: 'As for 1,000 components.',
  })),
  {
    what: '2,000 messages a second, busy %',
    place: { workload: 'stream', figure: 'busyShare', per: 0.01 },
    why: 'As for the 20,000 at once.',
  },
  {
    what: 'echo p50, µs',
    place: { workload: 'echo', figure: 'p50Ms', per: 0.001 },
    why: 'As for the 20,000 at once; sending looks at queue, pacing and schema as well.',
  },
  {
    what: 'echo p99, µs',
    place: { workload: 'echo', figure: 'p99Ms', per: 0.001 },
    why: 'The slowest of a hundred are those in which the page or the machine did something else: look at the spread.',
  },
  {
    what: 'from the event to the text, µs',
    place: { workload: 'quiet', figure: 'p50Ms', per: 0.001 },
    why: 'The reader asks the browser for its next frame with each message, to know when there are many.',
  },
  {
    what: 'mounting 1,000 components, ms',
    place: { workload: 'mounting', figure: 'timeMs' },
    why: 'Every component has a lease, a subscription and a view that notes what it reads. A context has nothing of the kind, and renders all who read it for any change; a listener on a shared socket knows no other state than open.',
  },
  {
    what: 'heap of each component, bytes',
    place: { workload: 'mounting', figure: 'heapBytes', per: 1000 },
    why: 'The same.',
  },
  {
    what: 'flush of 10,000, ms',
    place: { workload: 'flush', figure: 'timeMs' },
    why: 'They hand everything to the browser at once, however much it is. Here 256 KiB are under way at a time, so that what waits can still expire or be replaced.',
  },
  {
    what: 'attempts in 10 s at a server that closes at once',
    place: { workload: 'slammed', figure: 'attempts' },
    why: 'They wait a second or more before their first retry, also after a short loss; here it is half a second at most, and then longer and longer.',
  },
  {
    what: 'queueing 10,000, ms',
    place: { workload: 'flush', figure: 'enqueueMs' },
    why: 'They put a text into an array. Here each message is measured and dated, so that the queue can be bounded; for this workload it is not.',
  },
  {
    what: 'minimal import, gzip kB',
    place: { workload: 'sizes', figure: 'gzip', per: 1000 },
    wirehook: 'wirehook, minimal',
    why: 'They do less; what each byte is for is in docs/decisions/0004-size-of-the-minimal-import.md.',
  },
]

/** Less than that is noise. */
const lead = 1.05

/**
 * Where another library is ahead, by how much and why.
 *
 * @param {Result} result
 */
export function renderBehind(result) {
  const rows = figures.flatMap((figure) => listAhead(result, figure))
  if (rows.length === 0) return ''
  const head = ['', 'wirehook', 'ahead', 'it takes', 'wirehook takes']
  const reasons = figures
    .filter(({ what }) => rows.some(([first]) => first === what))
    .map(({ what, why }) => `- **${what}:** ${why}`)
  return `### Where another library is ahead\n\n${renderMarkdownTable(head, rows)}\n\nWhy:\n\n${reasons.join('\n')}`
}

/**
 * @param {Result} result
 * @param {Figure} figure
 */
function listAhead(result, { what, place, wirehook = 'wirehook' }) {
  return peers
    .filter((peer) => samplesOf(result, place, peer).length > 0)
    .map((peer) => ({ peer, ratio: ratioOf(result, place, wirehook, peer) }))
    .filter(({ ratio }) => ratio > lead)
    .map(({ peer, ratio }) => [
      what,
      formatNumber(medianOf(result, place, wirehook)),
      contenderNames[peer],
      formatNumber(medianOf(result, place, peer)),
      formatRatio(ratio),
    ])
}
