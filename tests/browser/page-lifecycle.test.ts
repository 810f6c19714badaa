import { describe, expect, it } from 'vitest'
import { eventually, quietTime } from '../rig/waiting'
import { prepareBrowser } from '../rig/chromium/browser-rig'
import type { LivePage } from '../rig/live-page'

const openLivePage = prepareBrowser()

/** Longer than the time over which pages that come back spread their attempts. */
const anyReactionMs = 700

/** The same, with time to connect. */
const soonMs = 1500

/** Leaves for the plain page, comes back, and makes sure that the document is the old one. */
async function leaveAndComeBack(
  live: LivePage,
  whileAway: () => void | Promise<void> = () => {},
): Promise<void> {
  const { page, plainUrl, read } = live
  await page.navigate(plainUrl)
  await whileAway()
  await page.goBack()
  expect(page.reasonsNotRestored).toEqual([])
  await page.waitFor(`demo.events.includes('pageshow persisted')`)
  expect(await read('events')).toContain('pagehide persisted')
  expect(
    await page.evaluate(`performance.getEntriesByType('navigation')[0].notRestoredReasons`),
  ).toBe(null)
}

describe('a frozen page', () => {
  it.each([
    ['2 s', 2000, false],
    ['1 s, with a heartbeat', 1000, { intervalMs: 300, timeoutMs: 300 }],
  ] as const)(
    'has one live socket when it resumes after %s',
    { tags: ['fault-60'] },
    async (_, frozenMs, heartbeat) => {
      const { server, page, read, shows, isLive } = await openLivePage({ heartbeat })
      await page.freeze()
      await quietTime(frozenMs)
      // The server cannot tell a frozen page from a live one.
      expect(server.connected).toBe(1)
      await page.resume()
      await page.waitFor('demo.opens.length === 2')
      await shows('open')
      await isLive()
      expect(await read('events')).toEqual(expect.arrayContaining(['freeze', 'resume']))
      expect(await read('statuses')).toEqual(['idle', 'connecting', 'open', 'reconnecting', 'open'])
      expect(server.totalConnections).toBe(2)
    },
  )

  it(
    'has a new socket soon after it resumes, though the old one has long been gone',
    { tags: ['fault-60'] },
    async () => {
      const { server, proxy, page, read, shows, isLive } = await openLivePage()
      await page.freeze()
      proxy.reset()
      await eventually(() => server.connected === 0, 'the server has given it up')
      await quietTime(15_000)
      expect(server.totalConnections).toBe(1)
      await page.resume()
      await page.waitFor('demo.opens.length === 2', soonMs)
      await shows('open')
      await isLive()
      expect(await read('closes')).toMatchObject([{ code: 1006, by: 'network' }])
      expect(server.totalConnections).toBe(2)
    },
  )
})

describe('a page that was waiting to reconnect', () => {
  /** Waits for an hour, unless something cuts the wait short; the server is there again. */
  async function openWaitingPage(): Promise<LivePage> {
    const live = await openLivePage({
      reconnect: { minDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    })
    live.proxy.refuse()
    live.proxy.reset()
    await live.shows('reconnecting')
    await live.proxy.accept()
    return live
  }

  it('does so as soon as it resumes from being frozen', { tags: ['fault-60'] }, async () => {
    const { page, shows, isLive } = await openWaitingPage()
    await page.freeze()
    await page.waitFor(`demo.events.includes('freeze')`)
    await page.resume()
    await shows('open', soonMs)
    await isLive()
  })

  it(
    'does so as soon as it is back from the back/forward cache',
    { tags: ['fault-61'] },
    async () => {
      const live = await openWaitingPage()
      await leaveAndComeBack(live)
      await live.shows('open', soonMs)
      await live.isLive()
    },
  )

  it(
    'does so where pageshow is all that tells of its return, as in Safari',
    { tags: ['fault-61'] },
    async () => {
      const live = await openWaitingPage()
      await live.page.evaluate(`['resume', 'visibilitychange'].forEach((type) =>
      addEventListener(type, (event) => event.stopImmediatePropagation(), true))`)
      await leaveAndComeBack(live)
      await live.shows('open', soonMs)
      await live.isLive()
    },
  )
})

describe('a page in the back/forward cache', { tags: ['fault-61'] }, () => {
  it('says goodbye when it goes, and has one new socket when it is back', async () => {
    const live = await openLivePage()
    const { server, read, shows, isLive } = live
    await leaveAndComeBack(live, async () => {
      await eventually(() => server.connected === 0, 'no socket at the server')
      expect([1000, 1001]).toContain(server.closes[0]?.code)
    })
    await shows('open')
    await isLive()
    expect(server.totalConnections).toBe(2)
    expect(await read('statuses')).toEqual([
      'idle',
      'connecting',
      'open',
      'reconnecting (hidden)',
      'reconnecting',
      'open',
    ])
    expect(await read('closes')).toMatchObject([{ code: 1000, by: 'client' }])
  })

  it('does not mind the late 1006 of its old socket', async () => {
    const live = await openLivePage()
    const { server, proxy, page, read, shows, isLive } = live
    // The answer to the goodbye never comes, and then the link breaks.
    proxy.silence('down')
    await leaveAndComeBack(live, () => proxy.reset())
    await page.waitFor(`demo.events.includes('socket 1 closed 1006')`)
    await shows('open')
    await isLive()
    await quietTime(anyReactionMs)
    const events = await read('events')
    expect(events.indexOf('socket 1 closed 1006')).toBeGreaterThan(
      events.indexOf('pageshow persisted'),
    )
    expect(await read('closes')).toMatchObject([{ code: 1000, by: 'client' }])
    expect(await page.evaluate('demo.sockets.length')).toBe(2)
    expect(server.totalConnections).toBe(2)
  })

  it('comes back a second time, too', async () => {
    const live = await openLivePage()
    const { server, shows, isLive } = live
    await leaveAndComeBack(live)
    await shows('open')
    await leaveAndComeBack(live)
    await shows('open')
    await isLive()
    expect(server.totalConnections).toBe(3)
  })
})

describe('a busy page', { tags: ['fault-67'] }, () => {
  it.each([
    ['any', 1],
    ['a slow', 20],
  ])('on %s processor does not take its own delay for a dead link', async (_, timesSlower) => {
    const { server, proxy, page, read } = await openLivePage({
      heartbeat: { intervalMs: 1000, timeoutMs: 1000 },
    })
    await page.slowDown(timesSlower)
    // After the first ping the page is busy until its time-out is long over; the answer comes then.
    proxy.delay(2500, 'down')
    const workEnds = page.evaluate(`new Promise((resolve) => {
      const [socket] = demo.sockets
      socket.send = (data) => {
        delete socket.send
        socket.send(data)
        const end = Date.now() + 2000
        while (Date.now() < end);
        resolve()
      }
    })`)
    await eventually(() => server.received.length === 1, 'the first ping came')
    await quietTime(100)
    proxy.heal()
    await workEnds
    const pings = server.received.length
    await eventually(() => server.received.length >= pings + 2, 'the heartbeat goes on')
    expect(await read('closes')).toEqual([])
    expect(await read('statuses')).toEqual(['idle', 'connecting', 'open'])
    expect(server.totalConnections).toBe(1)
  })
})

describe('a connection that was closed', () => {
  it('stays closed whatever happens to the page, until it is asked for again', async () => {
    const live = await openLivePage({ heartbeat: { intervalMs: 300, timeoutMs: 300 } })
    const { server, page, read, shows, isLive } = live
    await page.evaluate('demo.close()')
    await shows('closed')
    await page.setOffline(true)
    await page.waitFor(`demo.events.includes('offline')`)
    await page.setOffline(false)
    await page.waitFor(`demo.events.includes('online')`)
    await page.hide()
    await page.show()
    await page.freeze()
    await page.resume()
    await page.waitFor(`demo.events.includes('resume')`)
    await leaveAndComeBack(live)
    await quietTime(anyReactionMs)
    expect(await page.evaluate('demo.sockets.length')).toBe(1)
    expect(await read('statuses')).toEqual(['idle', 'connecting', 'open', 'closed'])
    expect(server.connected).toBe(0)
    await page.evaluate('demo.reconnect()')
    await shows('open')
    await isLive()
  })
})
