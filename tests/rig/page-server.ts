import { build } from 'esbuild'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Configuration } from './pages/configuration'

/** Serves the pages that the tests open. */
export interface PageServer {
  /**
   * Address of the demo page with this configuration.
   *
   * @param contentSecurityPolicy sent along as the header of that name
   */
  demoUrl(configuration: Configuration, contentSecurityPolicy?: string): string
  /** Address of a page without a script. */
  readonly plainUrl: string
  close(): Promise<void>
}

/** A page to bundle and the build it gets. In production, StrictMode does nothing. */
interface Source {
  readonly entry: URL
  readonly mode: 'development' | 'production'
}

const host = '127.0.0.1'
const packageEntry = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

const sources = {
  live: { entry: new URL('pages/live.tsx', import.meta.url), mode: 'development' },
  routes: { entry: new URL('pages/routes.tsx', import.meta.url), mode: 'development' },
  crowd: { entry: new URL('pages/crowd.tsx', import.meta.url), mode: 'production' },
  burst: { entry: new URL('pages/burst.tsx', import.meta.url), mode: 'production' },
  sending: { entry: new URL('pages/sending.ts', import.meta.url), mode: 'production' },
  leaks: { entry: new URL('pages/leaks.tsx', import.meta.url), mode: 'production' },
} satisfies Record<string, Source>

export type PageName = keyof typeof sources

/**
 * Bundles a page from the sources of the package, and serves it on a free port.
 *
 * @param name which page is the demo page
 */
export async function startPageServer(name: PageName = 'live'): Promise<PageServer> {
  const script = await bundle(sources[name])
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/live': ['text/html', document('<div id="root"></div><script src="/live.js"></script>')],
    '/live.js': ['text/javascript', script],
    '/plain': ['text/html', document('<p>Nothing lives here.</p>')],
  }
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, `http://${host}`)
    const [type, body] = files[pathname] ?? []
    const policy = searchParams.get('policy')
    if (policy !== null) response.setHeader('Content-Security-Policy', policy)
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`

  return {
    demoUrl(configuration, contentSecurityPolicy) {
      const query = new URLSearchParams({ configuration: JSON.stringify(configuration) })
      if (contentSecurityPolicy !== undefined) query.set('policy', contentSecurityPolicy)
      return `${origin}/live?${query}`
    },
    plainUrl: `${origin}/plain`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function bundle({ entry, mode }: Source): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    alias: { wirehook: packageEntry },
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('\n')
}

function document(body: string): string {
  // The empty icon keeps the browser from asking for one.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>wirehook</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`
}
