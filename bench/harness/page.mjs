import { setTimeout as wait } from 'node:timers/promises'

/**
 * @typedef {Record<string, number>} Figures
 *
 * @typedef {object} Page a tab in a window of its own, with a process of its own
 * @property {() => Promise<Figures>} run does what the page has prepared
 * @property {() => Promise<Usage>} measureUsage what the main thread has done since the page began
 * @property {() => Promise<number>} measureHeap bytes in use after everything unused is gone
 * @property {() => Promise<void>} close
 *
 * @typedef {{ atMs: number, taskMs: number, scriptMs: number }} Usage
 */

/**
 * Opens a page and waits until it is ready to be measured.
 *
 * @param {import('./devtools.mjs').Send} send
 * @param {string} url
 * @returns {Promise<Page>}
 */
export async function openPage(send, url) {
  const { browserContextId } = await send('Target.createBrowserContext')
  const { targetId } = await send('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
    newWindow: true,
  })
  const { sessionId } = /** @type {{ sessionId: string }} */ (
    await send('Target.attachToTarget', { targetId, flatten: true })
  )

  /** @type {<Result>(expression: string) => Promise<Result>} */
  async function evaluate(expression) {
    const evaluated = send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    )
    const { result, exceptionDetails } =
      /** @type {{ result: { value: never }, exceptionDetails?: { exception?: { description?: string } } }} */
      (await Promise.race([evaluated, fail(`${url}: no answer`)]))
    if (exceptionDetails) throw new Error(`${url}: ${exceptionDetails.exception?.description}`)
    return result.value
  }

  await send('Page.navigate', { url }, sessionId)
  const deadline = performance.now() + patienceMs
  while (!(await evaluate('!!globalThis.bench'))) {
    if (performance.now() > deadline) throw new Error(`${url} does not start.`)
    await wait(10)
  }
  await evaluate('bench.prepared.then(() => {})')
  await checkPage(evaluate, url)
  await send('Performance.enable', { timeDomain: 'threadTicks' }, sessionId)

  return {
    run: () => evaluate('bench.prepared.then(({ run }) => run())'),
    async measureUsage() {
      const { metrics } = /** @type {{ metrics: { name: string, value: number }[] }} */ (
        await send('Performance.getMetrics', {}, sessionId)
      )
      /** @param {string} wanted */
      const find = (wanted) =>
        (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1000
      return {
        atMs: find('Timestamp'),
        taskMs: find('TaskDuration'),
        scriptMs: find('ScriptDuration'),
      }
    },
    async measureHeap() {
      // What the first one makes ready to go, the second one takes away.
      await send('HeapProfiler.collectGarbage', {}, sessionId)
      await send('HeapProfiler.collectGarbage', {}, sessionId)
      const { usedSize } = /** @type {{ usedSize: number }} */ (
        await send('Runtime.getHeapUsage', {}, sessionId)
      )
      return usedSize
    },
    async close() {
      await send('Target.disposeBrowserContext', { browserContextId })
    },
  }
}

/** How long a page may take to do anything. */
const patienceMs = 60_000

/**
 * @param {string} reason
 * @returns {Promise<never>}
 */
async function fail(reason) {
  await wait(patienceMs, undefined, { ref: false })
  throw new Error(reason)
}

/**
 * A page that is hidden, has no frames or a coarse clock would be measured wrong.
 *
 * @param {<Result>(expression: string) => Promise<Result>} evaluate
 * @param {string} url
 */
async function checkPage(evaluate, url) {
  const isSound = /** @type {unknown} */ (
    await evaluate(
      `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      .then(() => !document.hidden && crossOriginIsolated)`,
    )
  )
  if (isSound !== true) throw new Error(`${url} is not fit to be measured.`)
}
