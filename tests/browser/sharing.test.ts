import { describe, expect, it } from 'vitest'
import { eventually } from '../rig/waiting'
import { prepareBrowser } from '../rig/chromium/browser-rig'

const openLivePage = prepareBrowser()

function numbered(count: number): { n: number }[] {
  return Array.from({ length: count }, (_, n) => ({ n }))
}

describe('a page in StrictMode', { tags: ['fault-72'] }, () => {
  it('opens one socket although every component is mounted twice', async () => {
    const { server, page, read, isLive } = await openLivePage()
    await isLive()
    const events = await read('events')
    expect(events.filter((event) => event === 'mounted')).toHaveLength(2)
    expect(await page.evaluate('demo.sockets.length')).toBe(1)
    expect(server.upgrades).toHaveLength(1)
    expect(server.totalConnections).toBe(1)
    expect(server.closes).toEqual([])
    expect(await read('statuses')).toEqual(['idle', 'connecting', 'open'])
    expect(await read('closes')).toEqual([])
    // Chromium reports a socket that is closed before it has opened.
    expect(page.problems).toEqual([])
  })
})

describe('components that name the same URL', () => {
  it('share one socket, and each shows the messages', async () => {
    const { server, page } = await openLivePage()
    server.broadcastJSON({ price: 1 })
    for (const id of ['first', 'second']) {
      await page.waitFor(`document.getElementById('${id}').textContent === '{"price":1}'`)
    }
    expect(await page.evaluate('demo.sockets.length')).toBe(1)
    expect(server.totalConnections).toBe(1)
  })

  it('render for a thousand messages only if they read them, and every listener call is made', async () => {
    const { server, read, gotMessages } = await openLivePage()
    const { status: before } = await read('renders')
    numbered(1000).forEach((message) => server.broadcastJSON(message))
    await gotMessages(1000)
    expect(await read('messages')).toEqual(numbered(1000))
    const { status: after } = await read('renders')
    expect(after).toBe(before)
  })

  it('render at most twice for a thousand messages in one task', async () => {
    const { page, read, gotMessages } = await openLivePage()
    const before = await read('renders')
    await page.evaluate(`{
      for (let n = 0; n < 1000; n += 1) {
        demo.sockets[0].dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ n }) }))
      }
    }`)
    await gotMessages(1000)
    await page.waitFor(`document.getElementById('first').textContent === '{"n":999}'`)
    expect(await read('messages')).toEqual(numbered(1000))
    const after = await read('renders')
    expect(after.status).toBe(before.status)
    expect((after.first ?? NaN) - (before.first ?? NaN)).toBeLessThanOrEqual(2)
  })
})

describe('components that come and go', () => {
  const cycle = (gapMs: number): string => `(async () => {
    for (let round = 0; round < 20; round += 1) {
      demo.unmount()
      await new Promise((resolve) => setTimeout(resolve, round % 5 * ${gapMs}))
      demo.mount()
      await new Promise((resolve) => setTimeout(resolve, round % 3 * ${gapMs}))
    }
  })()`

  it(
    'keep their socket through 20 quick rounds, and leave none behind',
    { tags: ['fault-76'] },
    async () => {
      const { server, page, isLive } = await openLivePage({ lingerMs: 500 })
      await page.evaluate(cycle(5))
      await isLive()
      expect(await page.evaluate('demo.sockets.length')).toBe(1)
      await page.evaluate('demo.unmount()')
      await eventually(() => server.closes.length === 1, 'the server has seen the end')
      expect(server.connected).toBe(0)
      expect(server.totalConnections).toBe(1)
      expect(server.closes).toEqual([{ code: 1000, reason: '' }])
      await page.waitFor('demo.sockets[0].readyState === WebSocket.CLOSED')
    },
  )

  it('leave no socket behind where none may linger', async () => {
    const { server, proxy, page, shows, isLive } = await openLivePage({ lingerMs: 0 })
    await page.evaluate(cycle(3))
    await shows('open')
    await isLive()
    await page.evaluate('demo.unmount()')
    await page.waitFor('demo.sockets.every(({ readyState }) => readyState === WebSocket.CLOSED)')
    await eventually(() => server.connected === 0, 'no socket at the server')
    await eventually(() => proxy.openLinks === 0, 'no link in between')
  })
})

describe('a document that goes away', () => {
  it('leaves no socket when its tab is closed', async () => {
    const { server, page } = await openLivePage()
    await page.close()
    await eventually(() => server.closes.length === 1, 'the server has seen the end')
    expect(server.closes).toEqual([{ code: 1001, reason: '' }])
    expect(server.connected).toBe(0)
  })

  it('has one new socket after a reload', async () => {
    const { server, page, shows, isLive } = await openLivePage()
    await page.reload()
    await shows('open')
    await isLive()
    expect(server.totalConnections).toBe(2)
    expect(server.closes).toEqual([{ code: 1001, reason: '' }])
  })
})
