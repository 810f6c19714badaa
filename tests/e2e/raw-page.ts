import type { ConnectionOptions } from 'wirehook'
import type { BrowserPage } from '../rig/chromium/browser-page'
import { prepareTabs } from '../rig/chromium/browser-rig'
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

/**
 * One browser for the tests of a file.
 *
 * @returns opens the demo page and does not wait for its connection; it ends with the running test,
 * which fails if the page had an error
 */
export function prepareRawPage(
  ...switches: readonly string[]
): (url: string, options?: ConnectionOptions) => Promise<RawPage> {
  const openTab = prepareTabs('live', ...switches)
  return async (url, options) => {
    const { page } = await openTab({ url, options: { lingerMs: 200, ...options } })
    return {
      page,
      read: (name) => page.evaluate(`demo.${name}`),
      shows: (status) => page.waitFor(`demo.statuses.at(-1) === '${status}'`),
      closed: (count) => page.waitFor(`demo.closes.length >= ${count}`),
    }
  }
}
