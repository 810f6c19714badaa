// Runs every test that proves a row of the fault list and prints the list with what came of it.
//
//   npm run faults                    all rows; about five minutes
//   npm run faults -- --row 61        one row
//   npm run faults -- --minutes 60    with an hour of chaos instead of one minute
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, row: { type: 'string', default: '*' } },
})

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
      WIREHOOK_FAULT_ROW: values.row === '*' ? '' : values.row,
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
  `--tags-filter=fault-${values.row}`,
  '--reporter=dot',
  '--reporter=./tests/e2e/fault-reporter.ts',
)
