import { describe, expect, it } from 'vitest'
import type { BrowserPage } from '../rig/chromium/browser-page'
import { preparePage } from '../rig/chromium/browser-rig'
import { eventually } from '../rig/waiting'

const openPage = preparePage('crowd')

/** As many sockets as Chromium opens to one host. */
const mostSockets = 255
const members = 300

/** Chromium makes new sockets wait for seconds when many are under way, or have failed. */
const patienceMs = 60_000

async function waitForCrowd(page: BrowserPage, open: number, reconnecting: number): Promise<void> {
  await page.waitFor(
    `crowd.membersWith('open').length === ${open} &&
      crowd.membersWith('reconnecting').length === ${reconnecting}`,
    patienceMs,
  )
}

describe('300 components', { tags: ['fault-79'] }, () => {
  const numbers = Array.from({ length: members }, (_, number) => number)

  it('with connections of their own get as many sockets as the browser gives, and wait for the others', async () => {
    const { server, page } = await openPage({
      options: { lingerMs: 0, reconnect: { maxDelayMs: 2000 } },
    })
    await page.evaluate(`crowd.show(${JSON.stringify(numbers)}, true)`)
    await waitForCrowd(page, mostSockets, members - mostSockets)
    const made = await page.evaluate<number>('crowd.sockets.length')
    await page.waitFor(`crowd.sockets.length > ${made}`)
    expect(server.connected).toBe(mostSockets)
    // Those who leave make room for those who wait.
    const open = await page.evaluate<number[]>(`crowd.membersWith('open')`)
    const leaving = new Set(open.slice(0, 100))
    const staying = numbers.filter((number) => !leaving.has(number))
    await page.evaluate(`crowd.show(${JSON.stringify(staying)}, true)`)
    await waitForCrowd(page, staying.length, 0)
    await eventually(() => server.connected === staying.length, 'one socket each')
  })

  it('that name one URL need one socket', async () => {
    const { server, page } = await openPage()
    await page.evaluate(`crowd.show(${JSON.stringify(numbers)}, false)`)
    await waitForCrowd(page, members, 0)
    expect(await page.evaluate('crowd.sockets.length')).toBe(1)
    expect(server.totalConnections).toBe(1)
  })
})
