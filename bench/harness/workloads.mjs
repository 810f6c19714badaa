/**
 * What is measured. The work is done in `pages/workloads/` by the one of that name; `quick` replaces
 * sizes where only the bench itself is to be tried.
 *
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} page which of the pages' workloads it is
 * @property {readonly string[]} contenders
 * @property {number} repetitions
 * @property {Record<string, string | number>} parameters
 * @property {Record<string, string | number>} [quick] left out where another one tries the same code
 * @property {boolean} [isPatient] most of it is waiting, so everything may run at the same time
 * @property {boolean} [withHeap] whether memory is measured, before and after
 */

const peers = ['react-use-websocket', 'partysocket', 'ahooks', 'reconnecting-websocket']
const libraries = ['wirehook', ...peers]
const withFloor = ['floor', ...libraries]
const withReaders = ['floor', 'wirehook', 'wirehook-last-message', ...peers]

/** @type {readonly Workload[]} */
export const workloads = [
  ...[1, 100, 1000].map((components) => ({
    name: `burst-${components}`,
    page: 'burst',
    contenders: ['raw', ...withReaders],
    repetitions: 5,
    parameters: { messages: 20_000, components },
    ...(components === 100 && { quick: { messages: 500, components } }),
  })),
  ...['script', 'server'].map((from) => ({
    name: `one-task-${from}`,
    page: 'oneTask',
    contenders: withReaders,
    repetitions: 5,
    parameters: { messages: 1000, from },
    ...(from === 'script' && { quick: { messages: 100, from } }),
  })),
  {
    name: 'stream',
    page: 'stream',
    contenders: withFloor,
    repetitions: 5,
    parameters: { perSecond: 2000, seconds: 10, topics: 100 },
    quick: { perSecond: 500, seconds: 0.5, topics: 20 },
  },
  {
    name: 'echo',
    page: 'echo',
    contenders: ['raw', ...withFloor],
    repetitions: 7,
    parameters: { messages: 2000 },
    quick: { messages: 50 },
  },
  {
    name: 'quiet',
    page: 'quiet',
    contenders: withReaders,
    repetitions: 5,
    parameters: { messages: 60, everyMs: 25 },
    quick: { messages: 5, everyMs: 25 },
  },
  {
    name: 'mounting',
    page: 'mounting',
    contenders: withFloor,
    repetitions: 7,
    parameters: { components: 1000 },
    quick: { components: 50 },
    withHeap: true,
  },
  {
    name: 'flush',
    page: 'flush',
    contenders: ['raw', ...withFloor.filter((name) => name !== 'ahooks')],
    repetitions: 5,
    parameters: { messages: 10_000, openAfterMs: 1500 },
    quick: { messages: 100, openAfterMs: 300 },
  },
  {
    name: 'half-open',
    page: 'halfOpen',
    contenders: libraries,
    repetitions: 5,
    parameters: { heartbeatMs: 1000, boundMs: 20_000 },
    quick: { heartbeatMs: 300, boundMs: 2000 },
    isPatient: true,
  },
  {
    name: 'slammed',
    page: 'slammed',
    contenders: libraries,
    repetitions: 5,
    parameters: { seconds: 10 },
    quick: { seconds: 1 },
    isPatient: true,
  },
]
