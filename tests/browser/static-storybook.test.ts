import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright'
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

/** The last of each kind of event that Storybook has told its addons. */
interface Channel {
  last(event: string): readonly unknown[] | undefined
}

/** Why the play function of a story failed; nothing if it did not. */
async function play(id: string): Promise<string | undefined> {
  const page = await browser.newPage()
  try {
    await page.goto(`${server.resolvedUrls?.local[0]}iframe.html?id=${id}&viewMode=story`)
    const ended = await page.waitForFunction(
      () => {
        const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as {
          __STORYBOOK_ADDONS_CHANNEL__?: Channel
        }
        const [finished] = channel?.last('storyFinished') ?? []
        if (!finished) return undefined
        const [thrown] = channel?.last('playFunctionThrewException') ?? []
        return { finished, thrown } as {
          finished: { status: string }
          thrown?: { message: string }
        }
      },
      undefined,
      { timeout: patienceMs },
    )
    const outcome = await ended.jsonValue()
    if (!outcome) return 'nothing was told'
    const { finished, thrown } = outcome
    if (thrown) return thrown.message.split('\n')[0]
    return finished.status === 'success' ? undefined : finished.status
  } catch (error) {
    return String(error).split('\n')[0]
  } finally {
    await page.close()
  }
}

it('plays every story with nothing behind it but files', { timeout: 600_000 }, async () => {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index
  const stories = Object.values(index.entries).filter(({ type }) => type === 'story')
  expect(stories.length).toBeGreaterThan(5)
  const problems: string[] = []
  // One after another: pages side by side take each other's frames away.
  for (const { id } of stories) {
    const problem = await play(id)
    if (problem !== undefined) problems.push(`${id}: ${problem}`)
  }
  expect(problems).toEqual([])
})
