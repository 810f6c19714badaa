import { beforeAll, expect, onTestFinished } from 'vitest'
import type { ConnectionOptions } from 'wirehook'
import type { LivePage } from './browser-rig'
import { startBuiltPageServer, type BuiltPageServer } from './built-page-server'
import type { Engine, EnginePage } from './engine-page'
import { startFaultProxy, type FaultProxy } from './fault-proxy'
import { startLiveServer, type LiveServer } from './live-server'
import { eventually } from './waiting'

/** The demo page in some engine, with the built package in it, connected through the proxy. */
export interface EngineLivePage extends Omit<LivePage, 'page'> {
  readonly page: EnginePage
}

/** What opens pages in one engine; all of it ends with the running test. */
export interface EngineRig {
  /** Opens the demo page and waits until it is open. */
  openLivePage(options?: ConnectionOptions): Promise<EngineLivePage>
  /** The same, with a page that can be taken offline. */
  openPageToTakeOffline(options?: ConnectionOptions): Promise<EngineLivePage>
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
    const { server, proxy } = await startServers()
    const url = pages.demoUrl({ url: `${proxy.url}/live`, options: { lingerMs: 200, ...options } })
    const page = await openPage(url, goesOffline ? [pages.port, proxy.port] : undefined)
    const live = drive(server, proxy, page, pages.plainUrl)
    await live.shows('open')
    return live
  }

  return {
    openLivePage: (options) => openDemo(false, options),
    openPageToTakeOffline: (options) => openDemo(true, options),
    async openEntriesPage() {
      const { server } = await startServers()
      return { server, page: await openPage(pages.entriesUrl) }
    },
  }
}

async function startServers(): Promise<{ server: LiveServer; proxy: FaultProxy }> {
  const server = await startLiveServer()
  const proxy = await startFaultProxy(server.port)
  onTestFinished(async () => {
    await proxy.close()
    await server.stop()
  })
  return { server, proxy }
}

function drive(
  server: LiveServer,
  proxy: FaultProxy,
  page: EnginePage,
  plainUrl: string,
): EngineLivePage {
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
