import { describe, expect, it } from 'vitest'
import { eventually } from '../rig/waiting'
import { prepareBrowser } from '../rig/chromium/browser-rig'
import type { LivePage } from '../rig/live-page'

// Timers of hidden pages slow down to one a minute after seconds instead of minutes.
const openLivePage = prepareBrowser(
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1',
)

/** Resolves once the page's timers fire no more than once in a while. */
async function timersAreSlow({ page }: LivePage): Promise<void> {
  await page.evaluate(`{
    const tick = () => {
      window.tickedAt = Date.now()
      setTimeout(tick, 100)
    }
    tick()
  }`)
  await page.waitFor('Date.now() - window.tickedAt > 1800', 20_000)
}

describe('a hidden page', () => {
  it(
    'with slowed timers answers pings of the server at once and keeps its socket',
    { tags: ['fault-65'] },
    async () => {
      const live = await openLivePage({ heartbeat: { intervalMs: 1000, timeoutMs: 1000 } })
      const { server, page, read } = live
      await page.hide()
      await timersAreSlow(live)
      for (const n of [1, 2, 3]) {
        server.broadcastJSON({ type: 'server-ping', n })
        await eventually(
          () => server.received.some((message) => (message as { n?: number }).n === n),
          `answer ${n} came`,
        )
      }
      server.broadcastJSON({ type: 'news' })
      await page.waitFor('demo.messages.length === 1')
      await page.show()
      const pings = server.received.length
      await eventually(() => server.received.length > pings, 'a ping after it is seen again')
      expect(await read('messages')).toEqual([{ type: 'news' }])
      expect(await read('statuses')).toEqual(['idle', 'connecting', 'open'])
      expect(server.totalConnections).toBe(1)
    },
  )

  it('replaces a socket it has lost', async () => {
    const { proxy, page, isLive } = await openLivePage({ reconnect: { minDelayMs: 50 } })
    await page.hide()
    proxy.reset()
    await page.waitFor('demo.opens.length === 2')
    expect(await page.evaluate('document.hidden')).toBe(true)
    await isLive()
  })

  it(
    'with slowed timers notices a dead link by itself, and replaces it',
    { tags: ['fault-66'] },
    async () => {
      const live = await openLivePage({ heartbeat: { intervalMs: 1000, timeoutMs: 1000 } })
      const { server, proxy, page, read, gotMessages } = live
      await page.hide()
      await timersAreSlow(live)
      proxy.silence('both')
      await page.waitFor('demo.opens.length === 2', 20_000)
      expect(await page.evaluate('document.hidden')).toBe(true)
      expect(await read('errors')).toEqual(['heartbeat-timeout'])
      server.broadcastJSON({ n: 1 })
      await gotMessages(1)
      expect(await read('messages')).toEqual([{ n: 1 }])
    },
  )

  it('notices a dead link as soon as it is seen again', { tags: ['fault-66'] }, async () => {
    const { proxy, page, read } = await openLivePage({
      heartbeat: { intervalMs: 60_000, timeoutMs: 300 },
    })
    await page.hide()
    proxy.silence('both')
    await page.show()
    await page.waitFor('demo.opens.length === 2', 2000)
    expect(await read('errors')).toEqual(['heartbeat-timeout'])
  })
})
