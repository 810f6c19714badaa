import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import {
  driveLivePage,
  startServed,
  type LivePage,
  type Served,
  type ServedPage,
} from '../live-page'
import type { Configuration } from '../pages/from-source/configuration'
import { startPageServer, type PageName, type PageServer } from '../pages/page-server'
import { launchChromium, type Chromium } from './chromium'

/** What may differ from one opening of a page to the next. */
export interface Opening extends Expected {
  readonly options?: ConnectionOptions | undefined
  /** Where the page connects to. @default the proxy */
  readonly chooseUrl?: (served: Served) => string
}

interface Expected {
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
    const live = driveLivePage(await openPage({ options: { lingerMs: 200, ...options } }))
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
  const openPage = prepareTabs(name, ...switches)
  return async ({ options, chooseUrl = throughProxy, ...expected } = {}) => {
    const served = await startServed()
    const url = `${chooseUrl(served)}/live`
    return { ...served, ...(await openPage({ url, ...(options && { options }) }, expected)) }
  }
}

/** A tab, and the page without a script on the origin of its page. */
type Tab = Pick<ServedPage, 'page' | 'plainUrl'>

/** The same with an address of the test's own, and no server. */
export function prepareTabs(
  name: PageName,
  ...switches: readonly string[]
): (configuration: Configuration, expected?: Expected) => Promise<Tab> {
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

  return async (configuration, expected = {}) => {
    const page = await chromium.openPage(
      pages.demoUrl(configuration, expected.contentSecurityPolicy),
    )
    onTestFinished(async () => {
      await page.close()
      const isExpected = (problem: string): boolean =>
        failedConnection.test(problem) || expected.expectedProblem?.test(problem) === true
      expect(page.problems.filter((problem) => !isExpected(problem))).toEqual([])
    })
    return { page, plainUrl: pages.plainUrl }
  }
}

function throughProxy({ proxy }: Served): string {
  return proxy.url
}

/** The browser reports each failed connection by itself, and no script can stop it. */
const failedConnection = /^WebSocket connection to '.*' failed/
