import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findBrowser, quietSwitches } from '../../scripts/browser.mjs'
import { connectDevTools } from './devtools.mjs'
import { openPage } from './page.mjs'

/** As root, Chromium starts only without its sandbox. */
const sandboxSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** Starts a headless Chromium with an empty profile of its own. */
export async function launchChromium() {
  const executable = findBrowser()
  if (!executable) throw new Error('No Chromium was found: run `node scripts/browser.mjs`.')
  const profile = await mkdtemp(join(tmpdir(), 'wirehook-bench-'))
  const browser = spawn(
    executable,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      ...quietSwitches,
      ...sandboxSwitches,
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = once(browser, 'exit')
  const kill = () => void browser.kill('SIGKILL')
  process.once('exit', kill)
  const devTools = await connectDevTools(await readAddress(browser.stderr))
  const { product } = /** @type {{ product: string }} */ (await devTools.send('Browser.getVersion'))

  return {
    version: product,
    /** @param {string} url */
    openPage: (url) => openPage(devTools.send, url),
    async close() {
      await devTools.send('Browser.close').catch(() => {})
      await exited
      process.off('exit', kill)
      devTools.disconnect()
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/**
 * Chromium prints the address once it listens.
 *
 * @param {import('node:stream').Readable} output
 */
async function readAddress(output) {
  const printed = []
  for await (const line of createInterface(output)) {
    const [, url] = /^DevTools listening on (ws:\S+)$/.exec(line) ?? []
    if (url !== undefined) {
      // What it prints from now on must not fill the pipe.
      output.resume()
      return url
    }
    printed.push(line)
  }
  throw new Error(`Chromium did not start:\n${printed.join('\n')}`)
}
