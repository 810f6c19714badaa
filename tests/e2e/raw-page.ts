import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import type { BrowserPage } from '../rig/chromium/browser-page'
import { launchChromium, type Chromium } from '../rig/chromium/chromium'
import { startPageServer, type PageServer } from '../rig/pages/page-server'
import type { DemoLog } from '../rig/pages/from-source/demo'

/** The demo page, connected to an address of the test's own. */
export interface RawPage {
  readonly page: BrowserPage
  /** A part of what the page has logged. */
  read<Name extends keyof DemoLog>(name: Name): Promise<DemoLog[Name]>
  /** Resolves once the page shows that status. */
  shows(status: string): Promise<void>
  /** Resolves once that many sockets or attempts have ended. */
  closed(count: number): Promise<void>
}

/** The browser reports by itself what it could not connect to, or had to end. */
const failedConnection = /^WebSocket connection to '.*' failed/

/**
 * One browser for the tests of a file.
 *
 * @returns opens the demo page and does not wait for its connection; it ends with the running test,
 * which fails if the page had an error
 */
export function prepareRawPage(
  ...switches: readonly string[]
): (url: string, options?: ConnectionOptions) => Promise<RawPage> {
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

  return async (url, options) => {
    const page = await chromium.openPage(
      pages.demoUrl({ url, options: { lingerMs: 200, ...options } }),
    )
    onTestFinished(async () => {
      await page.close()
      expect(page.problems.filter((problem) => !failedConnection.test(problem))).toEqual([])
    })
    return {
      page,
      read: (name) => page.evaluate(`demo.${name}`),
      shows: (status) => page.waitFor(`demo.statuses.at(-1) === '${status}'`),
      closed: (count) => page.waitFor(`demo.closes.length >= ${count}`),
    }
  }
}
