import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runs } from './browser.mjs'

/**
 * @typedef {object} WebKitFiles what it takes to drive WebKitGTK
 * @property {string} driver executable of the WebDriver server
 * @property {string} browser executable of the browser that it starts
 * @property {string} display executable of an X server without a screen, for WebKitGTK needs a display
 */

/** Debian's packages for each engine. */
const packages = {
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver', 'xvfb'],
}

/**
 * The Firefox to test with, if there is one on this machine; installs nothing.
 *
 * @returns {string | undefined} path of an executable
 */
export function findFirefox() {
  const chosen = process.env.WIREHOOK_FIREFOX
  if (!chosen) return findOnPath('firefox-esr') ?? findOnPath('firefox')
  if (existsSync(chosen)) return chosen
  throw new Error(`WIREHOOK_FIREFOX names a file that does not exist: ${chosen}`)
}

/**
 * The WebKitGTK to test with, if all of it is on this machine; installs nothing.
 *
 * @returns {WebKitFiles | undefined}
 */
export function findWebKit() {
  const driver = findOnPath('WebKitWebDriver')
  const browser = findMiniBrowser()
  const display = findOnPath('Xvfb')
  return driver && browser && display ? { driver, browser, display } : undefined
}

/** @param {string} name */
function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** WebKitGTK's own small browser lies beside the library, outside of PATH. */
function findMiniBrowser() {
  const folders = ['/usr/libexec', '/usr/lib', ...foldersIn('/usr/lib')]
  return folders
    .map((folder) => join(folder, 'webkit2gtk-4.1', 'MiniBrowser'))
    .find((path) => existsSync(path))
}

/** @param {string} folder */
function foldersIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

/** @param {string[]} names of Debian packages */
function installFromDebian(names) {
  return (
    process.getuid?.() === 0 &&
    findOnPath('apt-get') !== undefined &&
    runs('apt-get', 'update') &&
    runs('apt-get', 'install', '-y', '--no-install-recommends', ...names)
  )
}

/**
 * Says where an engine is, and gets it if it is not there.
 *
 * @param {string} name
 * @param {() => string | undefined} find
 * @param {string[]} needed Debian packages
 */
function report(name, find, needed) {
  const found = find() ?? (installFromDebian(needed) ? find() : undefined)
  if (found) return console.log(`${name}: ${found}`)
  // A machine that checks changes has to run all there is.
  if (process.env.CI) process.exitCode = 1
  const outcome = process.env.CI ? 'its tests will fail' : 'its tests are skipped'
  const advice = `on Debian, install ${needed.join(' and ')} as root`
  console.error(`${name}: not there and not installed, ${outcome} (${advice})`)
}

const isRunDirectly = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunDirectly) {
  report('Firefox', findFirefox, packages.firefox)
  report('WebKit', () => findWebKit()?.browser, packages.webkit)
}
