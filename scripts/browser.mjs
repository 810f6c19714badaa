import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { installFromDebian, runs } from './debian-packages.mjs'

/** For a browser that tests, and calls nobody but them. */
export const quietSwitches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The Chromium to test with, if there is one on this machine; installs nothing.
 *
 * @returns {string | undefined} path of an executable
 */
export function findBrowser() {
  const chosen = process.env.WIREHOOK_BROWSER
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new Error(`WIREHOOK_BROWSER names a file that does not exist: ${chosen}`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [
    chromium.executablePath(),
    '/usr/bin/chromium',
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ].find((path) => path && existsSync(path))
}

function installFromPlaywright() {
  const entry = fileURLToPath(import.meta.resolve('playwright/package.json'))
  return runs(process.execPath, join(entry, '..', 'cli.js'), 'install', 'chromium')
}

/** Like `findBrowser`, but gets a browser if there is none. */
function findOrInstallBrowser() {
  const found = findBrowser()
  if (found) return found
  const installed =
    installFromPlaywright() || installFromDebian(['chromium']) ? findBrowser() : undefined
  if (installed) return installed
  throw new Error(
    'There is no Chromium and none could be installed: install one, or name its executable in WIREHOOK_BROWSER.',
  )
}

const isRunDirectly = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunDirectly) {
  try {
    console.log(`Browser: ${findOrInstallBrowser()}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
