import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bench, root } from './paths.mjs'

/** Installs the peers and builds the package, unless that has been done. */
export function prepare() {
  if (!isInstalled()) run('npm', ['ci'], bench)
  if (findNewest(join(root, 'src')) > findNewest(join(root, 'dist'))) {
    run('npm', ['run', '--silent', 'build'], root)
  }
}

/** npm leaves a copy of the lock file beside what it has installed. */
function isInstalled() {
  const installed = join(bench, 'node_modules', '.package-lock.json')
  return existsSync(installed) && isSame(installed, join(bench, 'package-lock.json'))
}

/**
 * @param {string} installed
 * @param {string} wanted
 */
function isSame(installed, wanted) {
  const [inFolder, inLock] = [installed, wanted].map(
    (file) =>
      /** @type {{ packages: Record<string, { version: string }> }} */ (
        JSON.parse(readFileSync(file, 'utf8'))
      ).packages,
  )
  return Object.keys(inLock ?? {}).every(
    (name) => name === '' || inFolder?.[name]?.version === inLock?.[name]?.version,
  )
}

/**
 * When something in a folder was last changed; 0 if there is none.
 *
 * @param {string} folder
 */
function findNewest(folder) {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...files.map((file) => statSync(join(folder, file)).mtimeMs))
}

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {string} folder
 */
function run(command, parameters, folder) {
  execFileSync(command, parameters, { cwd: folder, stdio: 'inherit' })
}
