import { expect, it } from 'vitest'
import { preparePage } from '../rig/chromium/browser-rig'
import { eventually } from '../rig/waiting'
import type { Burst } from '../rig/pages/from-source/burst'

const openPage = preparePage('burst')

const count = 100_000
const pingEvery = 10_000

it(
  'a page takes in 100,000 messages, renders once a frame, and answers pings meanwhile',
  { tags: ['fault-92'] },
  async () => {
    const { server, page } = await openPage({ chooseUrl: (served) => served.server.url })
    await page.waitFor(`document.getElementById('status').textContent === 'open'`)
    const before = await page.evaluate<Burst>('burst')
    for (let n = 1; n <= count; n += 1) {
      server.broadcastJSON({ type: 'number', n })
      if (n % pingEvery === 0) server.broadcastJSON({ type: 'server-ping', n })
    }
    await page.waitFor(`burst.messages === ${count}`, 60_000)
    const total = (count * (count + 1)) / 2
    await page.waitFor(`document.getElementById('total').textContent === '${total}'`)
    const after = await page.evaluate<Burst>('burst')
    expect(after.strays).toBe(0)
    // The first message of a burst is shown at once, before any frame.
    expect(after.commits - before.commits).toBeLessThanOrEqual(after.frames - before.frames + 2)
    expect(await page.evaluate(`document.getElementById('latest').textContent`)).toBe(`${count}`)
    const newest = Array.from({ length: 100 }, (_, index) => count - 99 + index)
    expect(await page.evaluate(`document.getElementById('newest').textContent`)).toBe(
      newest.join(' '),
    )
    const pings = Array.from({ length: count / pingEvery }, (_, index) => (index + 1) * pingEvery)
    await eventually(() => server.received.length >= pings.length, 'the last pong arrived')
    expect(server.received).toEqual(pings.map((n) => ({ type: 'client-pong', n })))
    expect(server.totalConnections).toBe(1)
  },
)
