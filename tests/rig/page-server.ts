import { build } from 'esbuild'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Configuration } from './pages/configuration'

/** Serves the pages that the tests open. */
export interface PageServer {
  /** Address of the demo page with this configuration. */
  demoUrl(configuration: Configuration): string
  /** Address of a page without a script. */
  readonly plainUrl: string
  close(): Promise<void>
}

const host = '127.0.0.1'
const demoPage = fileURLToPath(new URL('pages/live.tsx', import.meta.url))
const packageEntry = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

/** Bundles the demo page from the sources of the package, and serves it on a free port. */
export async function startPageServer(): Promise<PageServer> {
  const script = await bundle(demoPage)
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/live': ['text/html', document('<div id="root"></div><script src="/live.js"></script>')],
    '/live.js': ['text/javascript', script],
    '/plain': ['text/html', document('<p>Nothing lives here.</p>')],
  }
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[new URL(url, `http://${host}`).pathname] ?? []
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`

  return {
    demoUrl: (configuration) =>
      `${origin}/live?configuration=${encodeURIComponent(JSON.stringify(configuration))}`,
    plainUrl: `${origin}/plain`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Built for development: in production, StrictMode does nothing. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    alias: { wirehook: packageEntry },
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('\n')
}

function document(body: string): string {
  // The empty icon keeps the browser from asking for one.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>wirehook</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`
}
