import { describe, expect, it } from 'vitest'
import type { CloseInfo } from 'wirehook'
import { preparePage } from '../rig/chromium/browser-rig'

const openPage = preparePage('live')

const violation = /violates the following Content Security Policy directive/

/** The wait is the middle of a window, when the dice always fall there: 50 ms + 350 ms / 2, … */
const reconnect = { minDelayMs: 400, factor: 2 }
const waitsMs = [225, 425, 825]

/** Timers and clocks of browsers are cut to whole milliseconds. */
const roundingMs = 2

/** Starts the connection anew, with dice that always fall in the middle. */
const startOver = `(async () => {
  Math.random = () => 0.5
  demo.unmount()
  await new Promise((resolve) => setTimeout(resolve, 10))
  demo.closes.length = 0
  demo.mount()
})()`

describe('a content security policy that forbids the address', { tags: ['fault-78'] }, () => {
  const contentSecurityPolicy = `connect-src 'self'`

  it('keeps the connection from opening, and attempts are no faster than the backoff', async () => {
    const { proxy, page } = await openPage({
      options: { reconnect, lingerMs: 0, connectTimeoutMs: 300 },
      contentSecurityPolicy,
      expectedProblem: violation,
    })
    await page.evaluate(startOver)
    await page.waitFor(`demo.closes.length > ${waitsMs.length}`, 20_000)
    const closes = await page.evaluate<CloseInfo[]>('demo.closes')
    for (const [index, waitMs] of waitsMs.entries()) {
      const sinceLast = (closes[index + 1]?.at ?? NaN) - (closes[index]?.at ?? NaN)
      expect(sinceLast).toBeGreaterThanOrEqual(waitMs - roundingMs)
      expect(closes[index]?.openForMs).toBe(null)
    }
    expect(await page.evaluate('demo.statuses')).not.toContain('open')
    expect(page.problems.some((problem) => violation.test(problem))).toBe(true)
    expect(proxy.totalLinks).toBe(0)
  })

  // Chromium ends such a socket with an error event and no close event.
  it('is noticed soon, without waiting for the connect timeout', async () => {
    const { page } = await openPage({ contentSecurityPolicy, expectedProblem: violation })
    await page.waitFor(`demo.statuses.at(-1) === 'reconnecting'`, 3000)
  })
})

describe('a content security policy that allows the address', { tags: ['fault-78'] }, () => {
  it('changes nothing', async () => {
    const { page } = await openPage({ contentSecurityPolicy: 'connect-src ws:' })
    await page.waitFor(`demo.statuses.at(-1) === 'open'`)
    expect(await page.evaluate('demo.closes')).toEqual([])
  })
})
