import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, quietTime } from '../rig/waiting'
import { prepareBrowser } from '../rig/chromium/browser-rig'

const openLivePage = prepareBrowser()

/** Patient enough to prove that it is not what notices: a page event is. */
const slowHeartbeat = { intervalMs: 60_000, timeoutMs: 300 }
const quickHeartbeat = { intervalMs: 300, timeoutMs: 300 }

/** Coming back is spread over half a second; the rest is for connecting. */
const soonMs = 1500

describe('a page that goes offline', () => {
  it(
    'gives its stalled socket up, waits, and is open again soon after it is back',
    { tags: ['fault-58', 'fault-59'] },
    async () => {
      const live = await openLivePage({ heartbeat: slowHeartbeat, reconnect: { minDelayMs: 50 } })
      const { server, page, read, shows, isLive } = live
      await page.setOffline(true)
      await page.waitFor(`demo.events.includes('offline')`)
      // The stalled socket brings it as soon as the network is back, too late.
      server.broadcastJSON({ type: 'held up' })
      await shows('reconnecting (offline)', soonMs)
      expect(await read('errors')).toEqual(['heartbeat-timeout'])
      expect(await read('closes')).toMatchObject([{ code: null, by: 'client', wasClean: false }])
      await quietTime(500)
      expect(await page.evaluate('demo.sockets.length')).toBe(1)
      await page.setOffline(false)
      await shows('open', soonMs)
      await isLive()
      expect(await read('messages')).toEqual([{ type: 'last' }])
      expect(server.totalConnections).toBe(2)
      expect(await read('statuses')).toEqual([
        'idle',
        'connecting',
        'open',
        'reconnecting (offline)',
        'reconnecting',
        'open',
      ])
    },
  )

  it(
    'keeps a socket that answers again, and gets what was held up once',
    { tags: ['fault-59'] },
    async () => {
      const { server, page, read, gotMessages } = await openLivePage()
      await page.setOffline(true)
      await page.waitFor(`demo.events.includes('offline')`)
      server.broadcastJSON({ n: 1 })
      server.broadcastJSON({ n: 2 })
      await page.setOffline(false)
      await gotMessages(2)
      expect(await read('messages')).toEqual([{ n: 1 }, { n: 2 }])
      expect(await read('statuses')).toEqual(['idle', 'connecting', 'open'])
      expect(server.totalConnections).toBe(1)
    },
  )

  it(
    'makes no attempts, and cuts a long wait when it is back',
    { tags: ['fault-58'] },
    async () => {
      const { proxy, page, shows, isLive } = await openLivePage({
        reconnect: { minDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
      })
      proxy.refuse()
      proxy.reset()
      await shows('reconnecting')
      await page.setOffline(true)
      await shows('reconnecting (offline)')
      await proxy.accept()
      const attempts = await page.evaluate('demo.sockets.length')
      await quietTime(700)
      expect(await page.evaluate('demo.sockets.length')).toBe(attempts)
      await page.setOffline(false)
      await shows('open', soonMs)
      await isLive()
    },
  )

  it(
    'has a new socket soon after it is back on a network that knows nothing of the old links',
    { tags: ['fault-30'] },
    async () => {
      const { server, proxy, page, read, shows, gotMessages } = await openLivePage({
        heartbeat: slowHeartbeat,
      })
      await page.setOffline(true)
      proxy.silence('both')
      await shows('reconnecting (offline)', soonMs)
      await page.setOffline(false)
      await shows('open', soonMs)
      server.broadcastJSON({ n: 1 })
      await gotMessages(1)
      expect(await read('messages')).toEqual([{ n: 1 }])
      expect(await page.evaluate('demo.sockets.length')).toBe(2)
    },
  )

  it(
    'without a heartbeat has a new socket soon after the new network refuses the old link',
    { tags: ['fault-30'] },
    async () => {
      const live = await openLivePage()
      const { proxy, page, read, shows, isLive } = live
      await page.setOffline(true)
      await page.waitFor(`demo.events.includes('offline')`)
      proxy.reset()
      await page.setOffline(false)
      await page.waitFor('demo.closes.length === 1')
      await shows('open', soonMs)
      await isLive()
      expect(await read('closes')).toMatchObject([{ code: 1006, by: 'network' }])
    },
  )

  it('makes the first attempt of a connection nevertheless', async () => {
    const { server, page, shows, isLive } = await openLivePage()
    await page.evaluate('demo.unmount()')
    await eventually(() => server.connected === 0, 'the first connection has ended')
    await page.setOffline(true)
    await page.waitFor('!navigator.onLine')
    await page.evaluate('demo.mount()')
    await shows('reconnecting (offline)')
    expect(await page.evaluate('demo.sockets.length')).toBe(2)
    await page.setOffline(false)
    await shows('open', soonMs)
    await isLive()
  })
})

describe('a link that dies without a word', () => {
  it('is noticed by the heartbeat and replaced', async () => {
    const { server, proxy, page, read, gotMessages } = await openLivePage({
      heartbeat: quickHeartbeat,
    })
    proxy.silence('both')
    await page.waitFor('demo.opens.length === 2')
    expect(await read('errors')).toEqual(['heartbeat-timeout'])
    expect(await read('closes')).toMatchObject([{ code: null, by: 'client' }])
    expect(await page.evaluate('demo.sockets.map(({ readyState }) => readyState)')).toEqual([
      WebSocket.CLOSING,
      WebSocket.OPEN,
    ])
    server.broadcastJSON({ n: 1 })
    await gotMessages(1)
    expect(await read('messages')).toEqual([{ n: 1 }])
  })

  it('does not hold up the next attempt while it is still connecting', async () => {
    const { proxy, page, read, shows, isLive } = await openLivePage({
      connectTimeoutMs: 1000,
      reconnect: { minDelayMs: 50 },
    })
    proxy.hangHandshakes()
    await page.evaluate('demo.reconnect()')
    await page.waitFor(`demo.errors.includes('connect-timeout')`)
    proxy.heal()
    await shows('open')
    await isLive()
    const [asked, ...timedOut] = await read('closes')
    expect(asked).toMatchObject({ code: 1000, by: 'client' })
    // On a slow machine, a second attempt begins before the link is sound again.
    expect(timedOut.length).toBeGreaterThan(0)
    for (const close of timedOut) expect(close).toMatchObject({ code: null, by: 'client' })
  })
})

describe('a socket that ends', () => {
  it.each([
    { code: 1000, seen: 1000 },
    { code: 1012, seen: 1012 },
    { code: 4000, seen: 4000 },
    { code: undefined, seen: 1005 },
  ])('with $seen from the server is replaced', async ({ code, seen }) => {
    const { server, page, read, isLive } = await openLivePage({ reconnect: { minDelayMs: 50 } })
    server.closeAll(code)
    await page.waitFor('demo.opens.length === 2')
    await isLive()
    expect(await read('closes')).toMatchObject([{ code: seen, by: 'server', wasClean: true }])
    expect(await read('errors')).toEqual([])
    expect(server.totalConnections).toBe(2)
  })

  it.each(['reset', 'finish'] as const)('by a TCP %s is replaced', async (end) => {
    const { proxy, page, read, isLive } = await openLivePage({ reconnect: { minDelayMs: 50 } })
    proxy[end]()
    await page.waitFor('demo.opens.length === 2')
    await isLive()
    expect(await read('closes')).toMatchObject([{ code: 1006, by: 'network', wasClean: false }])
  })

  it('with 4403 stays ended until it is asked for again', async () => {
    const { server, page, read, shows, isLive } = await openLivePage()
    server.closeAll(4403, 'not for you')
    await shows('failed')
    expect(await read('closes')).toMatchObject([{ code: 4403, reason: 'not for you' }])
    await page.evaluate('demo.reconnect()')
    await shows('open')
    await isLive()
  })

  it('by close() tells the server the code and the reason', async () => {
    const { server, page, read, shows } = await openLivePage()
    await page.evaluate(`demo.close(4001, 'tschüß')`)
    await shows('closed')
    await eventually(() => server.closes.length === 1, 'the server has seen the end')
    expect(server.closes).toEqual([{ code: 4001, reason: 'tschüß' }])
    expect(await read('closes')).toMatchObject([{ code: 4001, by: 'client' }])
  })
})

describe('what is sent while there is no link', () => {
  it('arrives once and in order when there is one again', async () => {
    const { server, proxy, page, shows, isLive } = await openLivePage({
      reconnect: { minDelayMs: 50 },
    })
    proxy.refuse()
    proxy.reset()
    await shows('reconnecting')
    await page.evaluate(`[1, 2, 3].forEach((n) => demo.sendJSON({ type: 'note', n }))`)
    await proxy.accept()
    await shows('open')
    await isLive()
    expect(server.received).toEqual([1, 2, 3].map((n) => ({ type: 'note', n })))
  })
})
