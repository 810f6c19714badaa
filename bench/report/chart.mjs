import { isBound } from './table.mjs'
import { contenderNames, medianOf, peers } from './read.mjs'
import { formatNumber } from './numbers.mjs'

/**
 * @typedef {import('../result.ts').Result} Result
 *
 * @typedef {{ title: string, place: import('./read.mjs').Place }} Panel
 */

/** @type {readonly Panel[]} */
const panels = [
  {
    title: '20,000 messages, 1,000 components (ms)',
    place: { workload: 'burst-1000', figure: 'timeMs' },
  },
  {
    title: 'Main thread at 2,000 messages/s (% busy)',
    place: { workload: 'stream', figure: 'busyShare', per: 0.01 },
  },
  {
    title: 'From the message to the screen (µs)',
    place: { workload: 'quiet', figure: 'p50Ms', per: 0.001 },
  },
  {
    title: 'Mounting 1,000 components (ms)',
    place: { workload: 'mounting', figure: 'timeMs' },
  },
  {
    title: 'Sending 10,000 queued messages (ms)',
    place: { workload: 'flush', figure: 'timeMs' },
  },
  {
    title: 'Replacing a dead link (s)',
    place: { workload: 'half-open', figure: 'timeMs', per: 1000 },
  },
]

const contenders = /** @type {const} */ (['floor', 'wirehook', ...peers])

const columns = 2
const margin = 20
const panel = { width: 410, gap: 20, title: 26, bar: 20, end: 22 }
const label = { width: 156, value: 54 }
const width = 2 * margin + columns * panel.width + (columns - 1) * panel.gap
const panelHeight = panel.title + contenders.length * panel.bar + panel.end
const foot = 24
const height = 2 * margin + Math.ceil(panels.length / columns) * panelHeight - panel.end + foot

const style = `
text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #3d444d }
.title { font-weight: 600; font-size: 13px; fill: #1f2328 }
.quiet { fill: #68707a }
.bar { fill: #a9b4c0 }
.own { fill: #0f8a6c }
.own-text { font-weight: 600; fill: #0b6e56 }
@media (prefers-color-scheme: dark) {
  text { fill: #c3cad2 }
  .title { fill: #f0f3f6 }
  .quiet { fill: #939ca6 }
  .bar { fill: #59636e }
  .own { fill: #2dbd96 }
  .own-text { fill: #4fd6b1 }
}`

/**
 * A picture of a result, light or dark as its reader's screen is.
 *
 * @param {Result} result
 */
export function renderChart(result) {
  const drawn = panels.map((each, index) => drawPanel(result, each, index))
  const summary = 'wirehook beside other libraries; shorter bars are better'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${summary}">
<style>${style}
</style>
${drawn.join('\n')}
${drawText(margin, height - margin, `Shorter is better. The floor is one bare socket and one useSyncExternalStore, by hand. Medians, ${result.date}.`, 'quiet')}
</svg>
`
}

/**
 * @param {Result} result
 * @param {Panel} each
 * @param {number} index
 */
function drawPanel(result, { title, place }, index) {
  const x = margin + (index % columns) * (panel.width + panel.gap)
  const y = margin + Math.floor(index / columns) * panelHeight
  const measured = contenders.map((contender) => ({
    contender,
    value: medianOf(result, place, contender),
    isBound: isBound(result, place, contender),
  }))
  const longest = Math.max(...measured.map(({ value }) => value).filter(Number.isFinite))
  const bars = measured.map((bar, row) =>
    drawBar(bar, x, y + panel.title + row * panel.bar, bar.value / longest),
  )
  return [drawText(x, y + 13, title, 'title'), ...bars].join('\n')
}

/**
 * @param {{ contender: (typeof contenders)[number], value: number, isBound: boolean }} bar
 * @param {number} x
 * @param {number} y
 * @param {number} share of the longest bar
 */
function drawBar({ contender, value, isBound: isCut }, x, y, share) {
  const isOwn = contender === 'wirehook'
  const room = panel.width - label.width - label.value
  const length = Number.isFinite(share) ? Math.max(1, Math.round(share * room)) : 0
  const start = x + label.width
  const text = length > 0 ? `${isCut ? '> ' : ''}${formatNumber(value)}` : 'cannot'
  return [
    drawText(x, y + 13, contenderNames[contender], isOwn ? 'own-text' : ''),
    `<rect x="${start}" y="${y + 3}" width="${length}" height="${panel.bar - 7}" rx="2" class="${isOwn ? 'bar own' : 'bar'}"/>`,
    drawText(start + length + 6, y + 13, text, isOwn ? 'own-text' : 'quiet'),
  ].join('\n')
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {string} className
 */
function drawText(x, y, text, className) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const attribute = className === '' ? '' : ` class="${className}"`
  return `<text x="${x}" y="${y}"${attribute}>${escaped}</text>`
}
