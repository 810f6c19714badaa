import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { bench, built, root } from './paths.mjs'

/** The pages, one for each contender, and one for what there is without any. */
const pages = [
  'raw',
  'floor',
  'wirehook',
  'wirehook-last-message',
  'react-use-websocket',
  'partysocket',
  'ahooks',
  'reconnecting-websocket',
]

/**
 * Bundles the pages as an application would be: minified, for production, from what the package
 * exports and not from its sources.
 */
export async function bundlePages() {
  mkdirSync(built, { recursive: true })
  const bundles = await build({
    root: bench,
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic' } },
    resolve: {
      // All of them use the same React, the one of the package.
      dedupe: ['react', 'react-dom'],
      alias: [{ find: /^wirehook$/, replacement: findEntry() }],
    },
    build: {
      outDir: built,
      emptyOutDir: true,
      minify: true,
      target: 'es2022',
      rolldownOptions: {
        input: Object.fromEntries(pages.map((page) => [page, join(bench, 'pages', `${page}.ts`)])),
        checks: { moduleLevelDirective: false },
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
      },
    },
  })
  checkReact([bundles].flat())
  for (const page of pages) writeFileSync(join(built, `${page}.html`), htmlOf(page))
}

/**
 * Two copies of React, or the one for development, would be measured and not the libraries.
 *
 * @param {Awaited<ReturnType<typeof build>>[]} bundles
 */
function checkReact(bundles) {
  const files = bundles
    .flatMap((bundle) => ('output' in bundle ? bundle.output : []))
    .flatMap((output) => ('moduleIds' in output ? output.moduleIds : []))
    .filter((file) => /\/node_modules\/(react|react-dom|scheduler)\//.test(file))
  const copies = new Set(files.map((file) => file.replace(/\/node_modules\/.*/s, '')))
  const isProduction = !files.some((file) => file.includes('.development.'))
  if (copies.size !== 1 || !isProduction) throw new Error(`Not one React: ${files.join(', ')}`)
}

/** What `import 'wirehook'` means to those who have installed it. */
function findEntry() {
  const { exports } =
    /** @type {{ exports: { '.': { import: { default: string } } } }} */
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  return join(root, exports['.'].import.default)
}

/** @param {string} page */
function htmlOf(page) {
  // The empty icon keeps the browser from asking for one.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${page}</title><link rel="icon" href="data:,"></head><body><div id="root"></div><script type="module" src="/${page}.js"></script></body></html>`
}
