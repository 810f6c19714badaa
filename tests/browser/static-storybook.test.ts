import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

/** How the play function of a story has ended, once it has. */
async function readOutcome(page: Page, id: string): Promise<string> {
  const outcome = await page.waitForFunction(
    (storyId) => {
      const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__
      const [finished] = (channel?.last('storyFinished') ?? []) as Finished[]
      if (finished?.storyId !== storyId) return undefined
      if (finished.status === 'success') return 'success'
      const [thrown] = (channel?.last('playFunctionThrewException') ?? []) as Error[]
      return thrown?.message.split('\n')[0] ?? finished.status
    },
    id,
    { timeout: patienceMs },
  )
  return String(await outcome.jsonValue())
}

it('plays every story with nothing behind it but files', { timeout: 600_000 }, async () => {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index
  const stories = Object.values(index.entries).filter(({ type }) => type === 'story')
  expect(stories.length).toBeGreaterThan(5)
  const page = await browser.newPage()
  const outcomes: Record<string, string> = {}
  for (const { id } of stories) {
    if (id === stories[0]?.id) {
      await page.goto(`${server.resolvedUrls?.local[0]}iframe.html?id=${id}&viewMode=story`)
    } else {
      // As when a visitor clicks it in the list: what the story before has left behind would show.
      await page.evaluate((storyId) => {
        const story = { storyId, viewMode: 'story' }
        globalThis.__STORYBOOK_ADDONS_CHANNEL__?.emit('setCurrentStory', story)
      }, id)
    }
    outcomes[id] = await readOutcome(page, id).catch((error: unknown) => String(error))
  }
  expect(outcomes).toEqual(Object.fromEntries(stories.map(({ id }) => [id, 'success'])))
})
