import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import { startFaultProxy, type FaultProxy } from './fault-proxy'
import { startLiveServer, type LiveServer } from './live-server'
import { eventually } from './waiting'
import type { BrowserPage } from './browser-page'
import { launchChromium, type Chromium } from './chromium'
import { startPageServer, type PageName, type PageServer } from './page-server'
import type { DemoLog } from './pages/demo'

/** A real server and a fault proxy in front of it. */
interface Served {
  readonly server: LiveServer
  readonly proxy: FaultProxy
}

/** The same, and a page that is given the proxy's address. */
export interface ServedPage extends Served {
  readonly page: BrowserPage
  /** Address of a page without a script, on the origin of the page. */
  readonly plainUrl: string
}

/** The demo page, connected through the proxy. */
export interface LivePage extends ServedPage {
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

/** What may differ from one opening of a page to the next. */
export interface Opening {
  readonly options?: ConnectionOptions | undefined
  /** Where the page connects to. @default the proxy */
  readonly chooseUrl?: (served: Served) => string
  readonly contentSecurityPolicy?: string
  /** What the browser may report without the test failing, beside connections that fail. */
  readonly expectedProblem?: RegExp
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
  const openPage = preparePage('live', ...switches)
  return async (options) => {
    const live = drive(await openPage({ options: { lingerMs: 200, ...options } }))
    await live.shows('open')
    return live
  }
}

/**
 * The same for any page of the rig, which is not waited for.
 *
 * @param name one of the files in `pages/`
 */
export function preparePage(
  name: PageName,
  ...switches: readonly string[]
): (opening?: Opening) => Promise<ServedPage> {
  let chromium: Chromium
  let pages: PageServer

  beforeAll(async () => {
    const startedPages = await startPageServer(name)
    const startedChromium = await launchChromium(switches)
    pages = startedPages
    chromium = startedChromium
    return async () => {
      await startedChromium.close()
      await startedPages.close()
    }
  })

  return async ({ options, chooseUrl = throughProxy, ...expected } = {}) => {
    const server = await startLiveServer()
    const proxy = await startFaultProxy(server.port)
    onTestFinished(async () => {
      await proxy.close()
      await server.stop()
    })
    const configuration = {
      url: `${chooseUrl({ server, proxy })}/live`,
      ...(options && { options }),
    }
    const page = await chromium.openPage(
      pages.demoUrl(configuration, expected.contentSecurityPolicy),
    )
    onTestFinished(async () => {
      await page.close()
      const isExpected = (problem: string): boolean =>
        failedConnection.test(problem) || expected.expectedProblem?.test(problem) === true
      expect(page.problems.filter((problem) => !isExpected(problem))).toEqual([])
    })
    return { server, proxy, page, plainUrl: pages.plainUrl }
  }
}

function throughProxy({ proxy }: Served): string {
  return proxy.url
}

function drive(served: ServedPage): LivePage {
  const { server, page } = served
  const read: LivePage['read'] = (name) => page.evaluate(`demo.${name}`)
  return {
    ...served,
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
const failedConnection = /^WebSocket connection to '.*' failed/
