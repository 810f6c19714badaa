import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import type { Configuration } from './from-source/configuration'
import { hostPages, pageWithScript, plainPage } from './page-host'

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

const packageEntry = fileURLToPath(new URL('../../../src/index.ts', import.meta.url))

const sources = {
  live: { entry: new URL('from-source/live.tsx', import.meta.url), mode: 'development' },
  routes: { entry: new URL('from-source/routes.tsx', import.meta.url), mode: 'development' },
  crowd: { entry: new URL('from-source/crowd.tsx', import.meta.url), mode: 'production' },
  burst: { entry: new URL('from-source/burst.tsx', import.meta.url), mode: 'production' },
  sending: { entry: new URL('from-source/sending.ts', import.meta.url), mode: 'production' },
  leaks: { entry: new URL('from-source/leaks.tsx', import.meta.url), mode: 'production' },
} satisfies Record<string, Source>

export type PageName = keyof typeof sources

/**
 * Bundles a page from the sources of the package, and serves it on a free port.
 *
 * @param name which page is the demo page
 */
export async function startPageServer(name: PageName = 'live'): Promise<PageServer> {
  const script = await bundle(sources[name])
  const { origin, close } = await hostPages({
    ...pageWithScript('/live', script, '<div id="root"></div>'),
    ...plainPage,
  })
  return {
    demoUrl(configuration, contentSecurityPolicy) {
      const query = new URLSearchParams({ configuration: JSON.stringify(configuration) })
      if (contentSecurityPolicy !== undefined) query.set('policy', contentSecurityPolicy)
      return `${origin}/live?${query}`
    },
    plainUrl: `${origin}/plain`,
    close,
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
