/**
 * What the tables show.
 *
 * @typedef {import('./read.mjs').Place} Place
 *
 * @typedef {object} Column
 * @property {string} title
 * @property {Place} place
 * @property {string} [against] shown as a multiple of what this contender takes
 * @property {boolean} [isCount] without its spread, for it has none to speak of
 *
 * @typedef {{ title: string, columns: readonly Column[], note?: string }} Table
 */

/**
 * @param {string} title
 * @param {string} workload
 * @param {string} figure
 * @param {number} [per]
 * @returns {Column}
 */
function measured(title, workload, figure, per = 1) {
  return { title, place: { workload, figure, per } }
}

/**
 * @param {string} title
 * @param {string} workload
 * @param {string} figure
 * @returns {Column}
 */
function counted(title, workload, figure) {
  return { ...measured(title, workload, figure), isCount: true }
}

/**
 * @param {string} against
 * @param {string} workload
 * @param {string} figure
 * @returns {Column}
 */
function compared(against, workload, figure) {
  const title = against === 'raw' ? '/ bare' : '/ floor'
  return { ...measured(title, workload, figure), against }
}

const millisecondsPerMicrosecond = 0.001

/** @type {readonly Table[]} */
export const tables = [
  {
    title: '20,000 messages at once, one component shows the newest',
    columns: [
      measured('1 component, ms', 'burst-1', 'timeMs'),
      measured('100, ms', 'burst-100', 'timeMs'),
      measured('1,000, ms', 'burst-1000', 'timeMs'),
      compared('raw', 'burst-1000', 'timeMs'),
      compared('floor', 'burst-1000', 'timeMs'),
      measured('script, ms', 'burst-1000', 'scriptMs'),
      compared('raw', 'burst-1000', 'scriptMs'),
      counted('renders', 'burst-1000', 'renders'),
    ],
    note: 'The last five columns are for 1,000 components.',
  },
  ...[
    { from: 'script', title: '1,000 messages in one task' },
    { from: 'server', title: '1,000 messages in one piece from the server' },
  ].map(({ from, title }) => ({
    title,
    columns: [
      counted('renders', `one-task-${from}`, 'renders'),
      counted('newest is shown', `one-task-${from}`, 'isNewestShown'),
      counted('a listener hears', `one-task-${from}`, 'heard'),
      counted('a list has', `one-task-${from}`, 'listed'),
      counted('renders of 10 that read the status', `one-task-${from}`, 'statusRenders'),
    ],
  })),
  {
    title: '2,000 messages a second for 10 s: 100 rows, a topic each',
    columns: [
      measured('main thread busy, %', 'stream', 'busyShare', 0.01),
      compared('floor', 'stream', 'busyShare'),
      measured('script, ms', 'stream', 'scriptMs'),
      counted('renders of rows', 'stream', 'renders'),
      counted('messages missed', 'stream', 'missed'),
    ],
  },
  {
    title: 'Echo: to the server and back',
    columns: [
      measured('p50, µs', 'echo', 'p50Ms', millisecondsPerMicrosecond),
      compared('raw', 'echo', 'p50Ms'),
      measured('p99, µs', 'echo', 'p99Ms', millisecondsPerMicrosecond),
      compared('raw', 'echo', 'p99Ms'),
    ],
  },
  {
    title: 'From the event to the text in the document, on a quiet connection',
    columns: [
      measured('p50, µs', 'quiet', 'p50Ms', millisecondsPerMicrosecond),
      compared('floor', 'quiet', 'p50Ms'),
    ],
  },
  {
    title: 'Mounting 1,000 components that read the status',
    columns: [
      measured('ms', 'mounting', 'timeMs'),
      compared('floor', 'mounting', 'timeMs'),
      measured('heap of each, bytes', 'mounting', 'heapBytes', 1000),
      compared('floor', 'mounting', 'heapBytes'),
    ],
  },
  {
    title: '10,000 messages that waited for the connection to open',
    columns: [
      measured('until the server has all, ms', 'flush', 'timeMs'),
      compared('raw', 'flush', 'timeMs'),
      measured('putting them into the queue, ms', 'flush', 'enqueueMs'),
      counted('in order', 'flush', 'isInOrder'),
    ],
    note: 'ahooks has no queue: its `sendMessage` throws while the connection is not open.',
  },
  {
    title: 'A link that dies without a word, until the next socket is open',
    columns: [measured('s', 'half-open', 'timeMs', 1000)],
    note: 'With a heartbeat of 1 s + 1 s where there is one. After 20 s nobody was waited for any more.',
  },
  {
    title: 'A server that closes every connection at once: attempts in 10 s',
    columns: [counted('attempts', 'slammed', 'attempts')],
  },
]
