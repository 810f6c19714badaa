import { describe, expect, it } from 'vitest'
import { preparePage } from '../rig/chromium/browser-rig'
import type { ServedPage } from '../rig/live-page'
import { eventually, quietTime } from '../rig/waiting'

const openPage = preparePage('routes')

interface Request {
  readonly id: string
  readonly op: string
}

/** What stands in an element of the page. */
function textOf(id: string): string {
  return `document.getElementById('${id}')?.textContent`
}

/** Asks on the route `account`, and waits until the server has been asked. */
async function ask({ server, page }: ServedPage, how: 'ask' | 'askWhileShown'): Promise<Request> {
  const known = server.received.length
  await page.evaluate(`routes.${how}('balance')`)
  await eventually(() => server.received.length > known, 'the server is asked')
  await page.waitFor(`${textOf('account')} === 'pending'`)
  return server.received[known] as Request
}

describe('a route that is left while a request is under way', { tags: ['fault-75'] }, () => {
  it('lets the request go on, and nothing of its answer is shown', async () => {
    const served = await openPage()
    const { server, page } = served
    const { id } = await ask(served, 'ask')
    await page.evaluate(`routes.go('about')`)
    server.broadcastJSON({ id, amount: 5 })
    await page.waitFor('routes.outcomes.length === 1')
    expect(await page.evaluate('routes.outcomes')).toEqual(['answered'])
    await page.evaluate(`routes.go('account')`)
    expect(await page.evaluate(textOf('account'))).toBe('nothing')
    expect(await page.evaluate('routes.sockets.length')).toBe(1)
  })

  it('ends the request where its signal says so, and the late answer does no harm', async () => {
    const served = await openPage()
    const { server, page } = served
    const { id } = await ask(served, 'askWhileShown')
    await page.evaluate(`routes.go('about')`)
    await page.waitFor('routes.outcomes.length === 1')
    expect(await page.evaluate('routes.outcomes')).toEqual(['AbortError'])
    server.broadcastJSON({ id, amount: 5 })
    await page.evaluate(`routes.go('account')`)
    const next = await ask(served, 'ask')
    server.broadcastJSON({ id: next.id, amount: 7 })
    await page.waitFor(`${textOf('account')} === '7'`)
    expect(await page.evaluate('routes.outcomes')).toEqual(['AbortError', 'answered'])
  })

  it('keeps the one socket of the provider through 30 changes', async () => {
    const served = await openPage({ options: { lingerMs: 60_000 } })
    const { server, page } = served
    for (let round = 0; round < 10; round += 1) {
      await ask(served, 'askWhileShown')
      await page.evaluate(`routes.go('about')`)
      await page.waitFor(`${textOf('about')} === 'open'`)
      await page.evaluate(`routes.go('no connection')`)
      await quietTime(10)
      await page.evaluate(`routes.go('account')`)
    }
    expect(await page.evaluate('routes.sockets.length')).toBe(1)
    expect(server.totalConnections).toBe(1)
    expect(server.closes).toEqual([])
  })
})

describe('<Activity> that hides a component and shows it again', { tags: ['fault-74'] }, () => {
  it('keeps the one socket, and what is beside it misses nothing', async () => {
    const { server, page } = await openPage()
    await page.evaluate(`routes.go('both lists')`)
    await eventually(() => server.connected === 1, 'connected')
    for (let round = 0; round < 10; round += 1) {
      await page.evaluate(`routes.go('one list')`)
      server.broadcastJSON({ type: 'number', n: 2 * round })
      await page.waitFor(`${textOf('staying')}.split(' ').at(-1) === '${2 * round}'`)
      await page.evaluate(`routes.go('both lists')`)
      server.broadcastJSON({ type: 'number', n: 2 * round + 1 })
      await page.waitFor(`${textOf('changing')}.split(' ').at(-1) === '${2 * round + 1}'`)
    }
    const all = Array.from({ length: 20 }, (_, n) => n)
    await page.waitFor(`${textOf('staying')} === '${all.join(' ')}'`)
    expect(await page.evaluate('routes.sockets.length')).toBe(1)
    expect(server.totalConnections).toBe(1)
  })
})
