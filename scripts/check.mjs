import { spawnSync } from 'node:child_process'
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
 */

/** The order matters: what runs after the build also looks at dist/. */
const steps = [
  // The bench compares with other packages, which are installed nowhere else.
  command('packages of the bench', 'npm', 'ci', '--prefix', 'bench'),
  script('format:check'),
  script('lint'),
  script('types'),
  script('build'),
  script('package'),
  script('size'),
  script('knip'),
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
const results = steps.map(({ name, run }) => {
  console.log(`\n> ${name}`)
  const startedAt = performance.now()
  const counted = run()
  return { name, ...counted, seconds: Math.round((performance.now() - startedAt) / 1000) }
})
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

/** @param {string} name of a script in package.json */
function script(name) {
  return command(name, 'npm', 'run', '--silent', name)
}

/**
 * @param {string} name
 * @param {string} executable
 * @param {string[]} parameters
 */
function command(name, executable, ...parameters) {
  return {
    name,
    /** @returns {Count} */
    run: () => (succeeds(executable, ...parameters) ? count(1, 0) : count(0, 1)),
  }
}

/**
 * @param {string[]} projects of vitest.config.ts, run together
 * @param {string[]} parameters
 */
function tests(projects, ...parameters) {
  const report = join(reports, `${projects[0]}.json`)
  return {
    name: `tests: ${projects.join(', ')}`,
    /** @returns {Count} */
    run() {
      const filters = projects.map((project) => `--project=${project}`)
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      const run = [vitest, 'run', ...reporters, ...filters, ...parameters]
      const passed = succeeds(process.execPath, ...run)
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
 * @param {string} executable
 * @param {string[]} parameters
 */
function succeeds(executable, ...parameters) {
  return spawnSync(executable, parameters, { cwd: root, stdio: 'inherit' }).status === 0
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
