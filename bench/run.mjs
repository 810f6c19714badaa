import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bundlePages } from './harness/bundle.mjs'
import { launchChromium } from './harness/chromium.mjs'
import { describeMachine, describeVersions } from './harness/machine.mjs'
import { measure, parametersOf } from './harness/measure.mjs'
import { prepare } from './harness/prepare.mjs'
import { startServer } from './harness/server-process.mjs'
import { measureSizes } from './harness/sizes.mjs'
import { workloads } from './harness/workloads.mjs'
import { renderTable } from './report.mjs'
import { publish } from './publish.mjs'

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
  },
})

const wanted = workloads
  .filter(({ name }) => !given.only || name.startsWith(given.only))
  .filter(({ quick }) => !given.quick || quick)
if (wanted.length === 0 && given.only !== 'sizes') {
  console.error(`--only takes one of: sizes, ${workloads.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

const result = await runAll()
console.log(renderTable(result))
if (given.json) writeFileSync(given.json, `${JSON.stringify(result, null, 2)}\n`)
// A part, or a try, is no result to keep.
if (!given.quick && !given.only) await publish(result)

/** @returns {Promise<import('./result.ts').Result>} */
async function runAll() {
  prepare()
  await bundlePages()
  const server = await startServer()
  const chromium = await launchChromium()
  try {
    /** @type {Record<string, import('./result.ts').Measured>} */
    const measured = {}
    for (const workload of wanted) {
      const startedAt = performance.now()
      const contenders = await measure(
        workload,
        (page, parameters) => chromium.openPage(server.addressOf(page, parameters)),
        given.quick,
      )
      measured[workload.name] = { parameters: parametersOf(workload, given.quick), contenders }
      console.error(`${workload.name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    }
    return {
      date: new Date().toISOString().slice(0, 10),
      isQuick: given.quick,
      machine: describeMachine(),
      versions: describeVersions(chromium.version),
      sizes: await measureSizes(),
      workloads: measured,
    }
  } finally {
    await chromium.close()
    server.stop()
  }
}
