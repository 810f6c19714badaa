import { expect, onTestFinished } from 'vitest'
import type { BrowserPage } from './chromium/browser-page'
import { startLiveServer, type LiveServer } from './live-server'
import { startFaultProxy, type FaultProxy } from './network/fault-proxy'
import type { DemoLog } from './pages/from-source/demo'
import { eventually } from './waiting'

/** A real server and a fault proxy in front of it. */
export interface Served {
  readonly server: LiveServer
  readonly proxy: FaultProxy
}

/** The same, and a page that is given the proxy's address. */
export interface ServedPage<Page = BrowserPage> extends Served {
  readonly page: Page
  /** Address of a page without a script, on the origin of the page. */
  readonly plainUrl: string
}

/** The demo page, connected through the proxy. */
export interface LivePage<Page = BrowserPage> extends ServedPage<Page> {
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

/** Starts both; they end with the running test. */
export async function startServed(): Promise<Served> {
  const server = await startLiveServer()
  const proxy = await startFaultProxy(server.port)
  onTestFinished(async () => {
    await proxy.close()
    await server.stop()
  })
  return { server, proxy }
}

/** What a test does with the demo page, in whatever browser. */
export function driveLivePage<Page extends Pick<BrowserPage, 'evaluate' | 'waitFor'>>(
  served: ServedPage<Page>,
): LivePage<Page> {
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
