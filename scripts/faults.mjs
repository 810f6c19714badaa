// Runs every test that proves a row of the fault list and prints the list with what came of it.
//
//   npm run faults                    all rows; about five minutes
//   npm run faults -- --row 61        one row
//   npm run faults -- --minutes 60    with an hour of chaos instead of one minute
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, row: { type: 'string' } },
})

/** What the tests say of themselves: which rows each file proves. */
const files = listTests(join(root, 'tests')).map((file) => ({
  file,
  rows: Array.from(readFileSync(file, 'utf8').matchAll(/'fault-([\w-]+)'/g), ([, row]) => row),
}))
const known = [...new Set(files.flatMap(({ rows }) => rows))]
if (values.row !== undefined && !known.includes(values.row)) {
  console.error(`There is no test for row "${values.row}". There are: ${known.join(', ')}.`)
  process.exit(1)
}
if (!(Number(values.minutes) > 0)) {
  console.error(`--minutes takes a number above 0, not "${values.minutes}".`)
  process.exit(1)
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listTests(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => join(folder, file))
}

/**
 * @param {string} executable
 * @param {string[]} parameters
 */
function run(executable, ...parameters) {
  const { status } = spawnSync(executable, parameters, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      WIREHOOK_CHAOS_MINUTES: values.minutes,
      WIREHOOK_FAULT_ROW: values.row ?? '',
    },
  })
  if (status !== 0) process.exit(status ?? 1)
}

run('npm', 'run', '--silent', 'build')
run(process.execPath, 'scripts/browser.mjs')
run(process.execPath, 'scripts/other-browsers.mjs')
run(
  process.execPath,
  'node_modules/vitest/vitest.mjs',
  'run',
  ...['integration', 'browser', 'dom', 'dom-react18', 'e2e'].map((name) => `--project=${name}`),
  `--tags-filter=fault-${values.row ?? '*'}`,
  ...(values.row === undefined ? ['--reporter=dot'] : []),
  '--reporter=./tests/e2e/fault-reporter.ts',
  ...files
    .filter(({ rows }) => values.row === undefined || rows.includes(values.row))
    .map(({ file }) => relative(root, file)),
)
