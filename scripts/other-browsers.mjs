import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findOnPath, findOrInstall } from './debian-packages.mjs'

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

const isRunDirectly = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunDirectly) {
  findOrInstall('Firefox', findFirefox, packages.firefox)
  findOrInstall('WebKit', () => findWebKit()?.browser, packages.webkit)
}
