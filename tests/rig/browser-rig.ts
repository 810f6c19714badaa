import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import { startFaultProxy, type FaultProxy } from './fault-proxy'
import { startLiveServer, type LiveServer } from './live-server'
import { eventually } from './waiting'
import type { BrowserPage } from './browser-page'
import { launchChromium, type Chromium } from './chromium'
import { startPageServer, type PageServer } from './page-server'
import type { DemoLog } from './pages/demo'

/** A real server, a fault proxy in front of it, and the demo page connected through the proxy. */
export interface LivePage {
  readonly server: LiveServer
  readonly proxy: FaultProxy
  readonly page: BrowserPage
  /** Address of a page without a script, on the origin of the demo. */
  readonly plainUrl: string
  /** A part of what the page has logged. */
  read<Name extends keyof DemoLog>(name: Name): Promise<DemoLog[Name]>
  /** Resolves once the page shows that status. */
  shows(status: string, timeoutMs?: number): Promise<void>
  /** Resolves once `onMessage` was called that many times. */
  gotMessages(count: number): Promise<void>
  /**
   * Resolves once the page and the server have one open socket each and a message gets through,
   * once. To be called once in a test.
   */
  isLive(): Promise<void>
}

/**
 * One browser for the tests of a file.
 *
 * @returns opens the demo page and waits until it is open; all of it ends with the running test,
 * which fails if the page had an error
 */
export function prepareBrowser(
  ...switches: readonly string[]
): (options?: ConnectionOptions) => Promise<LivePage> {
  let chromium: Chromium
  let pages: PageServer

  beforeAll(async () => {
    const startedPages = await startPageServer()
    const startedChromium = await launchChromium(switches)
    pages = startedPages
    chromium = startedChromium
    return async () => {
      await startedChromium.close()
      await startedPages.close()
    }
  })

  return async (options) => {
    const server = await startLiveServer()
    const proxy = await startFaultProxy(server.port)
    onTestFinished(async () => {
      await proxy.close()
      await server.stop()
    })
    const page = await chromium.openPage(
      pages.demoUrl({ url: `${proxy.url}/live`, options: { lingerMs: 200, ...options } }),
    )
    onTestFinished(async () => {
      await page.close()
      expect(page.problems.filter((problem) => !isFailedConnection(problem))).toEqual([])
    })
    const live = drive(server, proxy, page, pages.plainUrl)
    await live.shows('open')
    return live
  }
}

function drive(
  server: LiveServer,
  proxy: FaultProxy,
  page: BrowserPage,
  plainUrl: string,
): LivePage {
  const read: LivePage['read'] = (name) => page.evaluate(`demo.${name}`)
  return {
    server,
    proxy,
    page,
    plainUrl,
    read,
    shows: (status, timeoutMs) => page.waitFor(`demo.statuses.at(-1) === '${status}'`, timeoutMs),
    gotMessages: (count) => page.waitFor(`demo.messages.length >= ${count}`),
    async isLive() {
      await page.waitFor('demo.sockets.filter(({ readyState }) => readyState === 1).length === 1')
      await eventually(() => server.connected === 1, 'one socket at the server')
      server.broadcastJSON({ type: 'last' })
      await page.waitFor(`demo.messages.some(({ type }) => type === 'last')`)
      const messages = (await read('messages')) as { type?: string }[]
      expect(messages.filter(({ type }) => type === 'last')).toHaveLength(1)
    },
  }
}

/** The browser reports each failed connection by itself, and no script can stop it. */
function isFailedConnection(problem: string): boolean {
  return /^WebSocket connection to '.*' failed/.test(problem)
}
