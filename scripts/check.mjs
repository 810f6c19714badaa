import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const reports = join(root, '.cache', 'check')
const withoutBrowser = process.argv.includes('--fast')

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 *
 * @typedef {object} Report what vitest's JSON reporter writes, as far as it is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {(isAlone: boolean) => Promise<Count>} run what it prints comes at its end if it is not alone
 */

/**
 * Those in a list of their own run side by side. The order matters: what runs after the build also
 * looks at dist/.
 *
 * @type {readonly (Step | Step[])[]}
 */
const steps = [
  // The bench compares with other packages, which are installed nowhere else.
  command('packages of the bench', 'npm', 'ci', '--prefix', 'bench'),
  [script('format:check'), script('lint'), script('types'), script('knip')],
  script('build'),
  script('package'),
  script('size'),
  script('docs'),
  // Their time is moved by hand, so they may fill the machine.
  tests(['unit', 'dom', 'dom-compiled', 'dom-react18'], '--maxWorkers=100%'),
  tests(['integration']),
  command('services', process.execPath, 'scripts/services.mjs'),
  tests(['examples']),
  ...(withoutBrowser
    ? []
    : [
        command('browser', process.execPath, 'scripts/browser.mjs'),
        command('other browsers', process.execPath, 'scripts/other-browsers.mjs'),
        tests(['browser', 'storybook']),
        tests(['e2e']),
        command('bench, a try of it', process.execPath, 'bench/run.mjs', '--quick'),
      ]),
]

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

// A failed step does not hide what comes after it.
const results = []
for (const step of steps) {
  const together = [step].flat()
  const isAlone = together.length === 1
  results.push(...(await Promise.all(together.map((each) => perform(each, isAlone)))))
}
const total = {
  passed: sum(results.map(({ passed }) => passed)),
  failed: sum(results.map(({ failed }) => failed)),
  skipped: sum(results.map(({ skipped }) => skipped)),
}
console.table(Object.fromEntries(results.map(({ name, ...columns }) => [name, columns])))
const failedSteps = results.filter(({ failed }) => failed > 0).map(({ name }) => name)
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`)
console.log(
  `\nwirehook: ${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
)
process.exitCode = total.failed > 0 ? 1 : 0

/**
 * @param {Step} step
 * @param {boolean} isAlone
 */
async function perform({ name, run }, isAlone) {
  console.log(`\n> ${name}`)
  const startedAt = performance.now()
  const counted = await run(isAlone)
  return { name, ...counted, seconds: Math.round((performance.now() - startedAt) / 1000) }
}

/** @param {string} name of a script in package.json */
function script(name) {
  return command(name, 'npm', 'run', '--silent', name)
}

/**
 * @param {string} name
 * @param {string} executable
 * @param {string[]} parameters
 * @returns {Step}
 */
function command(name, executable, ...parameters) {
  return {
    name,
    async run(isAlone) {
      return (await succeeds(isAlone, executable, ...parameters)) ? count(1, 0) : count(0, 1)
    },
  }
}

/**
 * @param {string[]} projects of vitest.config.ts, run together
 * @param {string[]} parameters
 * @returns {Step}
 */
function tests(projects, ...parameters) {
  const report = join(reports, `${projects[0]}.json`)
  return {
    name: `tests: ${projects.join(', ')}`,
    async run(isAlone) {
      const filters = projects.map((project) => `--project=${project}`)
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      const run = [vitest, 'run', ...reporters, ...filters, ...parameters]
      const passed = await succeeds(isAlone, process.execPath, ...run)
      const counted = readReport(report)
      // An error outside of all tests fails the run, too.
      return passed || counted.failed > 0 ? counted : { ...counted, failed: 1 }
    },
  }
}

/**
 * @param {string} file
 * @returns {Count}
 */
function readReport(file) {
  if (!existsSync(file)) return count(0, 1)
  const report = /** @type {Report} */ (JSON.parse(readFileSync(file, 'utf8')))
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  return count(
    report.numPassedTests,
    report.numFailedTests + brokenFiles.length,
    report.numPendingTests + report.numTodoTests,
  )
}

/**
 * @param {boolean} isAlone whether it may print while it runs
 * @param {string} executable
 * @param {string[]} parameters
 */
async function succeeds(isAlone, executable, ...parameters) {
  const child = spawn(executable, parameters, { cwd: root, stdio: isAlone ? 'inherit' : 'pipe' })
  /** @type {Buffer[]} */
  const printed = []
  /** @param {Buffer} part */
  const keep = (part) => void printed.push(part)
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  await once(child, 'close')
  process.stdout.write(Buffer.concat(printed))
  return child.exitCode === 0
}

/**
 * @param {number} passed
 * @param {number} failed
 * @returns {Count}
 */
function count(passed, failed, skipped = 0) {
  return { passed, failed, skipped }
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((subtotal, number) => subtotal + number, 0)
}
