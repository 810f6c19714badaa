import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Runs a program, and says whether it succeeded.
 *
 * @param {string} command
 * @param {string[]} parameters
 */
export function runs(command, ...parameters) {
  try {
    execFileSync(command, parameters, { stdio: 'inherit' })
    return true
  } catch {
    return false
  }
}

/** @param {string} name of an executable */
export function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * Installs packages where that can be done without asking: as root on Debian.
 *
 * @param {string[]} names
 */
export function installFromDebian(names) {
  return (
    process.getuid?.() === 0 &&
    findOnPath('apt-get') !== undefined &&
    runs('apt-get', 'update') &&
    runs('apt-get', 'install', '-y', '--no-install-recommends', ...names)
  )
}

/**
 * Says where something is that tests need, and gets it if it is not there.
 *
 * @param {string} name
 * @param {() => string | undefined} find
 * @param {string[]} needed Debian packages
 */
export function findOrInstall(name, find, needed) {
  const found = find() ?? (installFromDebian(needed) ? find() : undefined)
  if (found) return console.log(`${name}: ${found}`)
  // A machine that checks changes has to run all there is.
  if (process.env.CI) process.exitCode = 1
  const outcome = process.env.CI ? 'its tests will fail' : 'its tests are skipped'
  const advice = `on Debian, install ${needed.join(' and ')} as root`
  console.error(`${name}: not there and not installed, ${outcome} (${advice})`)
}
