import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright'
import { preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quietSwitches } from '../../scripts/browser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'storybook-'))
const patienceMs = 20_000

let server: PreviewServer
let browser: Browser

beforeAll(async () => {
  const built = spawnSync('npm', ['run', 'build-storybook', '--', '-o', folder], {
    cwd: root,
    encoding: 'utf8',
    // Else the environment of the tests would make it a build for them.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`)
  server = await preview({
    configFile: false,
    root,
    build: { outDir: folder },
    preview: { port: 0, host: '127.0.0.1' },
  })
  browser = await chromium.launch({
    executablePath: process.env.WIREHOOK_BROWSER,
    args: quietSwitches,
  })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Index {
  readonly entries: Readonly<Record<string, { readonly id: string; readonly type: string }>>
}

/** What Storybook tells its addons and can be told by them. */
interface Channel {
  emit(event: string, payload: object): void
  on(event: string, listener: (payload: never) => void): void
  off(event: string, listener: (payload: never) => void): void
  /** What was told with the last event of a kind. */
  last(event: string): readonly unknown[] | undefined
}

interface Finished {
  readonly storyId: string
  readonly status: string
}

declare global {
  var __STORYBOOK_ADDONS_CHANNEL__: Channel | undefined
}

/** Shows a story, as when a visitor clicks it in the list, and says how its play function ended. */
async function play(page: Page, id: string): Promise<string> {
  const outcome = page.evaluate(
    (storyId) =>
      new Promise<string>((resolve) => {
        const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__
        let thrown: string | undefined
        const note = ({ message }: Error): void => void (thrown = message.split('\n')[0])
        const finish = (finished: Finished): void => {
          if (finished.storyId !== storyId) return
          channel?.off('playFunctionThrewException', note)
          channel?.off('storyFinished', finish)
          // The status alone is about accessibility.
          resolve(thrown ?? finished.status)
        }
        channel?.on('playFunctionThrewException', note)
        channel?.on('storyFinished', finish)
        channel?.emit('setCurrentStory', { storyId, viewMode: 'story' })
      }),
    id,
  )
  const tooLate = setTimeout(patienceMs, 'does not end', { ref: false })
  return Promise.race([outcome, tooLate]).catch((error: unknown) => String(error))
}

function readEntries() {
  const { entries } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index
  return Object.values(entries)
}

it('opens on a chat', () => {
  expect(readEntries()[0]).toMatchObject({ id: 'chat--chat', type: 'story' })
})

it('plays every story with nothing behind it but files', { timeout: 600_000 }, async () => {
  const ids = readEntries()
    .filter(({ type }) => type === 'story')
    .map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(5)
  const page = await browser.newPage()
  // One that is shown already would not be shown again, so the page begins with the last one.
  await page.goto(`${server.resolvedUrls?.local[0]}iframe.html?id=${ids.at(-1)}&viewMode=story`)
  await page.waitForFunction(() => globalThis.__STORYBOOK_ADDONS_CHANNEL__?.last('storyFinished'))
  const outcomes: Record<string, string> = {}
  // What a story leaves behind would show in the next one.
  for (const id of ids) outcomes[id] = await play(page, id)
  expect(outcomes).toEqual(Object.fromEntries(ids.map((id) => [id, 'success'])))
})
