import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { quietSwitches } from '../../../scripts/browser.mjs'
import { openPage, type BrowserPage } from './browser-page'
import { connectDevTools, type DevTools } from './devtools'

/** A headless Chromium with an empty profile of its own. */
export interface Chromium {
  /** Opens a page in a window of its own that shares neither cookies nor a process with others. */
  openPage(url: string): Promise<BrowserPage>
  /** Ends the process and removes the profile. */
  close(): Promise<void>
}

const switches = ['--headless=new', '--remote-debugging-port=0', ...quietSwitches]

/** As root, Chromium starts only without its sandbox. */
const sandboxSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** How long the browser may take to end by itself. */
const patienceMs = 5000

/** Starts the browser that `WIREHOOK_BROWSER` names. */
export async function launchChromium(furtherSwitches: readonly string[] = []): Promise<Chromium> {
  const executable = process.env.WIREHOOK_BROWSER
  if (!executable) throw new Error('No Chromium was found: run `node scripts/browser.mjs`.')
  const profile = await mkdtemp(join(tmpdir(), 'wirehook-browser-'))
  const browser = spawn(
    executable,
    [...switches, ...sandboxSwitches, ...furtherSwitches, `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = once(browser, 'exit')
  const kill = (): void => void browser.kill('SIGKILL')
  process.once('exit', kill)

  async function end(devTools?: DevTools): Promise<void> {
    const overdue = setTimeout(kill, devTools ? patienceMs : 0)
    // The browser may be gone before it answers.
    await devTools?.send('Browser.close').catch(() => {})
    await exited
    clearTimeout(overdue)
    process.off('exit', kill)
    devTools?.disconnect()
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  try {
    const devTools = await connectDevTools(await readDevToolsUrl(browser))
    return {
      openPage: (url) => openPage(devTools, url),
      close: () => end(devTools),
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** Chromium prints the address once it listens. */
async function readDevToolsUrl({ stderr }: ChildProcess): Promise<string> {
  const printed: string[] = []
  if (!stderr) throw new Error('Chromium has no output to read.')
  for await (const line of createInterface(stderr)) {
    const [, url] = /^DevTools listening on (ws:\S+)$/.exec(line) ?? []
    if (url !== undefined) {
      // What it prints from now on must not fill the pipe.
      stderr.resume()
      return url
    }
    printed.push(line)
  }
  throw new Error(`Chromium did not start:\n${printed.join('\n')}`)
}
