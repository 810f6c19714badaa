import { build, type Metafile } from 'esbuild'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { PageServer } from './page-server'

/** Serves pages with the package in them as it is built into `dist/`. */
export interface BuiltPageServer extends PageServer {
  readonly port: number
  /** Address of a page with nothing but `entries`. */
  readonly entriesUrl: string
}

const host = '127.0.0.1'
const root = fileURLToPath(new URL('../..', import.meta.url))
const livePage = new URL('built-pages/live.ts', import.meta.url)
const entriesPage = new URL('built-pages/entries.ts', import.meta.url)

/** Bundles the pages, and serves them on a free port. */
export async function startBuiltPageServer(): Promise<BuiltPageServer> {
  const [live, entries] = await Promise.all([
    bundle(livePage, ['dist/index.js']),
    bundle(entriesPage, ['dist/core.js', 'dist/codecs.js']),
  ])
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/live': ['text/html', document('<div id="root"></div><script src="/live.js"></script>')],
    '/live.js': ['text/javascript', live],
    '/entries': ['text/html', document('<script src="/entries.js"></script>')],
    '/entries.js': ['text/javascript', entries],
    '/plain': ['text/html', document('<p>Nothing lives here.</p>')],
  }
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[new URL(url, `http://${host}`).pathname] ?? []
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://${host}:${port}`

  return {
    port,
    demoUrl: (configuration) =>
      `${origin}/live?configuration=${encodeURIComponent(JSON.stringify(configuration))}`,
    entriesUrl: `${origin}/entries`,
    plainUrl: `${origin}/plain`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Built for development: in production, StrictMode does nothing. */
async function bundle(page: URL, neededFiles: readonly string[]): Promise<string> {
  const missing = neededFiles.filter((file) => !existsSync(`${root}${file}`))
  if (missing.length > 0) throw new Error(`No ${missing.join(', ')}: run \`npm run build\` first.`)
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(page)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    // Without the paths of tsconfig.json the package is found as an app finds it: by its `exports`.
    tsconfigRaw: {},
    // package.json says that files have no effects of their own, but those of a page have.
    ignoreAnnotations: true,
    logLevel: 'error',
  })
  assertIsBuilt(metafile, neededFiles)
  return outputFiles.map(({ text }) => text).join('\n')
}

/** Makes sure that the page has the built package in it and nothing of its sources. */
function assertIsBuilt({ inputs }: Metafile, neededFiles: readonly string[]): void {
  const strayFiles = Object.keys(inputs).filter((file) => file.startsWith('src/'))
  const missing = neededFiles.filter((file) => !(file in inputs))
  if (strayFiles.length === 0 && missing.length === 0) return
  throw new Error(`Not the built package: lacks [${missing.join()}], has [${strayFiles.join()}].`)
}

function document(body: string): string {
  // The empty icon keeps the browser from asking for one.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>wirehook</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`
}
