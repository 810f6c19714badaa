import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import { driveLivePage, startServed, type LivePage } from '../live-page'
import { startBuiltPageServer, type BuiltPageServer } from '../pages/built-page-server'
import type { Engine, EnginePage } from './engine-page'
import type { LiveServer } from '../live-server'

/** What opens pages in one engine; all of it ends with the running test. */
export interface EngineRig {
  /** Opens the demo page and waits until it is open. */
  openLivePage(options?: ConnectionOptions): Promise<LivePage<EnginePage>>
  /** The same, with a page that can be taken offline. */
  openPageToTakeOffline(options?: ConnectionOptions): Promise<LivePage<EnginePage>>
  /** Opens a page with nothing but `entries`. */
  openEntriesPage(): Promise<{ readonly page: EnginePage; readonly server: LiveServer }>
}

/** One browser for the tests of a file. A test fails if its page had an error. */
export function prepareEngine(launch: () => Promise<Engine>): EngineRig {
  let engine: Engine
  let pages: BuiltPageServer

  beforeAll(async () => {
    const startedPages = await startBuiltPageServer()
    const startedEngine = await launch()
    pages = startedPages
    engine = startedEngine
    return async () => {
      await startedEngine.close()
      await startedPages.close()
    }
  })

  async function openPage(url: string, offlinePorts?: readonly number[]): Promise<EnginePage> {
    const page = await engine.openPage(url, { offlinePorts })
    onTestFinished(async () => {
      try {
        expect(await page.evaluate('window.problems')).toEqual([])
      } finally {
        await page.close()
      }
    })
    return page
  }

  async function openDemo(goesOffline: boolean, options?: ConnectionOptions) {
    const { server, proxy } = await startServed()
    const url = pages.demoUrl({ url: `${proxy.url}/live`, options: { lingerMs: 200, ...options } })
    const page = await openPage(url, goesOffline ? [pages.port, proxy.port] : undefined)
    const live = driveLivePage({ server, proxy, page, plainUrl: pages.plainUrl })
    await live.shows('open')
    return live
  }

  return {
    openLivePage: (options) => openDemo(false, options),
    openPageToTakeOffline: (options) => openDemo(true, options),
    async openEntriesPage() {
      const { server } = await startServed()
      return { server, page: await openPage(pages.entriesUrl) }
    },
  }
}
