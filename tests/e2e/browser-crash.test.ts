import { expect, it } from 'vitest'
import { prepareBrowser } from '../rig/chromium/browser-rig'
import { eventually } from '../rig/waiting'

const openLivePage = prepareBrowser()

it(
  'a tab that crashes leaves no socket, and has a new one when it is opened again',
  { tags: ['fault-68'] },
  async () => {
    const { server, page, shows, isLive } = await openLivePage()
    await page.crash()
    await eventually(() => server.connected === 0, 'no socket at the server')
    // It is the rest of the browser that says goodbye.
    expect(server.closes).toEqual([{ code: 1001, reason: '' }])
    await page.reopen()
    await shows('open')
    await isLive()
    expect(server.totalConnections).toBe(2)
  },
)
