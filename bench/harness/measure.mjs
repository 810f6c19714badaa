import { shuffle } from '../statistics.mjs'

/**
 * @typedef {import('./workloads.mjs').Workload} Workload
 * @typedef {Record<string, number[]>} Samples each figure, once for every repetition
 * @typedef {(page: string, parameters: Record<string, string | number>) => Promise<import('./page.mjs').Page>} Open
 */

/**
 * Each repetition measures every contender once, each time in another order, and in a new page.
 *
 * @param {Workload} workload
 * @param {Open} open
 * @param {boolean} isQuick
 * @returns {Promise<Record<string, Samples>>} by contender
 */
export async function measure(workload, open, isQuick) {
  const parameters = { workload: workload.page, ...parametersOf(workload, isQuick) }
  const rounds = Array.from({ length: isQuick ? 1 : workload.repetitions }, (_, repetition) =>
    shuffle(workload.contenders, repetition),
  )
  const runs = rounds.flatMap((order) => order.map((contender) => ({ contender })))
  /** @param {{ contender: string }} run */
  const runOne = async ({ contender }) => ({
    contender,
    figures: await measureOnce(await open(contender, parameters), workload.withHeap === true),
  })
  const results =
    workload.isPatient === true || isQuick
      ? await Promise.all(runs.map(runOne))
      : await inSequence(runs, runOne)
  return collect(workload.contenders, results)
}

/**
 * @param {Workload} workload
 * @param {boolean} isQuick
 */
export function parametersOf({ parameters, quick }, isQuick) {
  return (isQuick ? quick : undefined) ?? parameters
}

/**
 * @template Item, Result
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Result>} work
 */
async function inSequence(items, work) {
  /** @type {Result[]} */
  const results = []
  for (const item of items) results.push(await work(item))
  return results
}

/**
 * @param {import('./page.mjs').Page} page
 * @param {boolean} withHeap
 */
async function measureOnce(page, withHeap) {
  try {
    const heapBefore = withHeap ? await page.measureHeap() : 0
    const before = await page.measureUsage()
    const figures = await page.run()
    const after = await page.measureUsage()
    const wallMs = after.atMs - before.atMs
    const taskMs = after.taskMs - before.taskMs
    return {
      ...figures,
      taskMs,
      scriptMs: after.scriptMs - before.scriptMs,
      busyShare: taskMs / wallMs,
      ...(withHeap && { heapBytes: (await page.measureHeap()) - heapBefore }),
    }
  } finally {
    await page.close()
  }
}

/**
 * @param {readonly string[]} contenders
 * @param {readonly { contender: string, figures: Record<string, number> }[]} results
 */
function collect(contenders, results) {
  /** @param {string} contender */
  const samplesOf = (contender) => {
    const all = results.filter((result) => result.contender === contender)
    const names = Object.keys(all[0]?.figures ?? {})
    return Object.fromEntries(
      names.map((name) => [name, all.map(({ figures }) => round(figures[name] ?? Number.NaN))]),
    )
  }
  return Object.fromEntries(contenders.map((contender) => [contender, samplesOf(contender)]))
}

/**
 * More digits than these mean nothing.
 *
 * @param {number} value
 */
function round(value) {
  return Number(value.toPrecision(6))
}
