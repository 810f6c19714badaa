import { build, type Metafile } from 'esbuild'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hostPages, pageWithScript, plainPage } from './page-host'
import type { PageServer } from './page-server'

/** Serves pages with the package in them as it is built into `dist/`. */
export interface BuiltPageServer extends PageServer {
  readonly port: number
  /** Address of a page with nothing but `entries`. */
  readonly entriesUrl: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const livePage = new URL('from-build/live.ts', import.meta.url)
const entriesPage = new URL('from-build/entries.ts', import.meta.url)

/** Bundles the pages, and serves them on a free port. */
export async function startBuiltPageServer(): Promise<BuiltPageServer> {
  const [live, entries] = await Promise.all([
    bundle(livePage, ['dist/index.js']),
    bundle(entriesPage, ['dist/core.js', 'dist/codecs.js']),
  ])
  const { origin, port, close } = await hostPages({
    ...pageWithScript('/live', live, '<div id="root"></div>'),
    ...pageWithScript('/entries', entries),
    ...plainPage,
  })
  return {
    port,
    demoUrl: (configuration) =>
      `${origin}/live?configuration=${encodeURIComponent(JSON.stringify(configuration))}`,
    entriesUrl: `${origin}/entries`,
    plainUrl: `${origin}/plain`,
    close,
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
