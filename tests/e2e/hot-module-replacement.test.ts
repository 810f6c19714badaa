import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { BrowserPage } from '../rig/chromium/browser-page'
import { launchChromium, type Chromium } from '../rig/chromium/chromium'
import { startEditedApp, type EditedApp, type EditedAppOptions } from '../rig/pages/edited-app'
import { startLiveServer, type LiveServer } from '../rig/live-server'
import { eventually } from '../rig/waiting'

const edits = 20

let chromium: Chromium

beforeAll(async () => {
  const started = await launchChromium()
  chromium = started
  return () => started.close()
})

interface EditedPage {
  readonly server: LiveServer
  readonly app: EditedApp
  readonly page: BrowserPage
  /** Resolves once the page shows these versions of its modules, and all its connections as open. */
  shows(connection: number, components: number): Promise<void>
}

async function openEditedPage(options?: EditedAppOptions): Promise<EditedPage> {
  const server = await startLiveServer()
  onTestFinished(() => server.stop())
  const app = await startEditedApp(server.url, options)
  onTestFinished(() => app.close())
  const page = await chromium.openPage(app.url)
  onTestFinished(async () => {
    await page.close()
    expect(page.problems).toEqual([])
  })
  const shows = (connection: number, components: number): Promise<void> =>
    page.waitFor(
      `document.getElementById('versions')?.textContent === '${connection} ${components}' &&
        ['shared', 'own'].every((id) => document.getElementById(id).textContent === 'open')`,
      20_000,
    )
  await shows(0, 0)
  await page.evaluate('window.isStillThere = true')
  return { server, app, page, shows }
}

/** How many sockets were ever made for a part of the app. */
function countMade({ upgrades }: LiveServer, path: string): number {
  return upgrades.filter(({ url }) => url === path).length
}

describe('a module that is edited 20 times', { tags: ['fault-73'] }, () => {
  it('keeps the sockets if it has the components', async () => {
    const { server, app, page, shows } = await openEditedPage()
    for (let version = 1; version <= edits; version += 1) {
      await app.editComponents(version)
      await shows(0, version)
    }
    expect(await page.evaluate('window.isStillThere')).toBe(true)
    expect(countMade(server, '/shared')).toBe(1)
    expect(countMade(server, '/own')).toBe(1)
    expect(server.closes).toEqual([])
  })

  it.each([
    ['makes the connection', false],
    ['makes and leases the connection, and ends the lease of the version before', true],
  ])('has one new socket each time if it %s', async (_, isLeased) => {
    const { server, app, page, shows } = await openEditedPage({ isLeased })
    for (let version = 1; version <= edits; version += 1) {
      await app.editConnection(version)
      await shows(version, 0)
    }
    await eventually(() => server.connected === 2, 'one socket for each connection')
    expect(await page.evaluate('window.isStillThere')).toBe(true)
    expect(countMade(server, '/shared')).toBe(1)
    expect(countMade(server, '/own')).toBe(1 + edits)
    expect(server.closes).toEqual(Array.from({ length: edits }, () => ({ code: 1000, reason: '' })))
  })
})
