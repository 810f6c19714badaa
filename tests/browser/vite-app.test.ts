import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { quietSwitches } from '../../scripts/browser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'vite-app-'))

let app: ChildProcess
let browser: Browser
let page: Page
let origin: string
const problems: string[] = []

/** As a user would: the package as it is published, in an app of its own. */
beforeAll(async () => {
  cpSync(join(root, 'examples/vite-app'), folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist$/.test(path),
  })
  run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  run(folder, 'npm', 'pkg', 'set', `dependencies.wirehook=file:${tarball}`)
  run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund')
  run(folder, 'npm', 'run', 'build')
  origin = await startPreview()
  browser = await chromium.launch({
    executablePath: process.env.WIREHOOK_BROWSER,
    args: quietSwitches,
  })
  page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(origin)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  if (app?.exitCode === null) {
    app.kill()
    await once(app, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

function run(cwd: string, program: string, ...parameters: string[]): void {
  // Tests run as such; an app is built for production.
  const env = { ...process.env, NODE_ENV: undefined }
  execFileSync(program, parameters, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function startPreview(): Promise<string> {
  const vite = join(folder, 'node_modules/vite/bin/vite.js')
  app = spawn(process.execPath, [vite, 'preview', '--port', '0', '--host', '127.0.0.1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const piece of app.stdout ?? []) {
    printed += String(piece)
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(stripVTControlCharacters(printed))
    if (address) return address[0]
  }
  throw new Error(`The preview ended: ${printed}`)
}

function marketUrl(): string {
  return new URL('market', origin).href.replace('http', 'ws')
}

it('shows live prices', async () => {
  await page.getByText('Live').waitFor()
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) > 0)
})

it('keeps what is ordered while the server restarts, and buys it afterwards', async () => {
  await page.getByRole('button', { name: 'Buy AAPL' }).click()
  await page.getByText('Bought').waitFor()
  await fetch(`${origin}restart`, { method: 'POST' })
  await page.getByRole('status').getByText('Connection lost').waitFor()
  expect(await page.getByRole('status').getByRole('button').count()).toBe(0)
  await page.getByRole('button', { name: 'Buy AAPL' }).click()
  await page.getByText('(1 waiting)').waitFor()
  await page.getByText('Live').waitFor()
  await expect.poll(() => page.getByText('Bought').count()).toBe(2)
})

it('serves no other page', async () => {
  const socket = new WebSocket(marketUrl(), { origin: 'http://elsewhere.example' })
  const [error] = (await once(socket, 'error')) as [Error]
  expect(error.message).toBe('socket hang up')
})

it.each(['hello', 'null', '{"type":"buy"}'])('outlives a client that sends %s', async (frame) => {
  const socket = new WebSocket(marketUrl(), { origin: new URL(origin).origin })
  await once(socket, 'open')
  socket.send(frame)
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1008)
  expect(app.exitCode).toBeNull()
})

it('throws nothing on the way', () => {
  expect(problems).toEqual([])
})
