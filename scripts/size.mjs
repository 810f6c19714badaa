import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { bundle, bundleSettings, measureBytes } from './bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * What an application pays for the package, in kB (1000 bytes), minified and gzipped. The goal is
 * where it should be, the ceiling where it is: it rises only with a feature or a mended fault, and the
 * decision says with which. Why they differ is in docs/decisions/0004-size-of-the-minimal-import.md.
 */
const bundles = [
  {
    name: 'minimal app',
    code: `export { useWebSocket, WebSocketProvider } from './dist/index.js'`,
    goal: 4.9,
    ceiling: 11.1,
  },
  { name: 'all of wirehook', code: `export * from './dist/index.js'`, goal: 6.8, ceiling: 13.09 },
  {
    name: 'wirehook/core',
    code: `export { createConnection } from './dist/core.js'`,
    goal: 4.5,
    ceiling: 10.21,
  },
]

/** One text from each part that only those apps are to carry that use it. */
const optionalParts = {
  useLatestMessage: 'useLatestMessage',
  useMessages: 'useMessages',
  useMessageReducer: 'useMessageReducer',
  useMessage: '"useMessage"',
  useRequest: 'useRequest',
  requests: 'outcome-unknown',
  jsonRpc: 'jsonrpc',
  'codec json': 'is refused',
  'codec text': 'This is no text.',
  'codec binary': 'This is text, not bytes.',
  'codec envelope': 'This is no envelope.',
  signing: 'SHA-256',
  compression: 'gzip',
}

/** The minimal app from the sources, whose files can be told apart. */
const minimalSources = /** @satisfies {import('esbuild').BuildOptions} */ ({
  ...bundleSettings,
  stdin: {
    contents: `export { useWebSocket, WebSocketProvider } from './src/index.ts'`,
    resolveDir: root,
  },
})

const { values: given } = parseArgs({
  options: { parts: { type: 'boolean' }, without: { type: 'string' } },
})
if (given.parts) await printParts()
if (given.without) await printWithout(given.without.split(','))

const rows = await Promise.all(bundles.map(measure))
console.table(Object.fromEntries(rows.map(({ name, ...columns }) => [name, columns])))
if (rows.some((row) => row['over goal'] > 0)) console.log('The goal is not reached yet.')
if (rows.some((row) => row['gzip kB'] > row['ceiling kB'])) {
  console.error('A bundle is over its ceiling.')
  process.exitCode = 1
}

for (const problem of [...(await findUnusedParts()), ...findOldFigures()]) {
  console.error(problem)
  process.exitCode = 1
}

/** What the README says of sizes comes from the bench, which may have measured an older build. */
function findOldFigures() {
  const { sizes } = /** @type {{ sizes: Record<string, { gzip: number[] }> }} */ (
    JSON.parse(readFileSync(`${root}bench/results/latest.json`, 'utf8'))
  )
  const shown = { 'minimal app': 'wirehook, minimal', 'all of wirehook': 'wirehook' }
  return Object.entries(shown).flatMap(([name, benchName]) => {
    const now = rows.find((row) => row.name === name)?.['gzip kB'] ?? NaN
    const then = (sizes[benchName]?.gzip[0] ?? NaN) / 1000
    if (Math.abs(now - then) <= 0.01 * now) return []
    return [`The README shows ${then} kB for ${name}, which is ${now} kB: run npm run bench.`]
  })
}

/** What the minimal app carries without using it. */
async function findUnusedParts() {
  const everything = `export * from './dist/index.js'; export * from './dist/codecs.js'`
  const [whole, minimal] = await Promise.all(
    [everything, bundles[0]?.code ?? ''].map(async (code) => (await bundle(code, root)).text),
  )
  return Object.entries(optionalParts).flatMap(([part, text]) => {
    if (!whole?.includes(text)) return [`"${text}" tells nothing about ${part}: it is nowhere.`]
    return minimal?.includes(text) ? [`The minimal app carries ${part}.`] : []
  })
}

/** What each source file adds to the minimal app, minified and before compression. */
async function printParts() {
  const { metafile } = await build({ ...minimalSources, metafile: true })
  const [output] = Object.values(metafile.outputs)
  const parts = Object.entries(output?.inputs ?? {}).map(([file, { bytesInOutput }]) => ({
    file,
    bytes: bytesInOutput,
  }))
  console.table(parts.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes))
}

/**
 * What the minimal app would weigh if these source files had nothing in them.
 *
 * @param {string[]} names such as `heartbeat`
 */
async function printWithout(names) {
  const filter = new RegExp(`/src/(core|react)/(${names.join('|')})\\.ts$`)
  const { outputFiles } = await build({
    ...minimalSources,
    plugins: [{ name: 'empty', setup: ({ onLoad }) => onLoad({ filter }, emptyFile) }],
  })
  for (const { contents } of outputFiles) {
    console.log(`Without ${names.join(', ')}: ${measureBytes(contents).gzip / 1000} kB gzip`)
  }
}

/** @param {{ path: string }} file */
async function emptyFile({ path }) {
  const { metafile } = await build({
    entryPoints: [path],
    write: false,
    format: 'esm',
    metafile: true,
  })
  const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports)
  return { contents: names.map((name) => `export const ${name} = undefined`).join('\n') }
}

/** @param {(typeof bundles)[number]} bundle */
async function measure({ name, code, goal, ceiling }) {
  const { contents } = await bundle(code, root)
  const { minified, gzip, brotli } = measureBytes(contents)
  return {
    name,
    'minified kB': minified / 1000,
    'gzip kB': gzip / 1000,
    'brotli kB': brotli / 1000,
    'ceiling kB': ceiling,
    'goal kB': goal,
    'over goal': Number(Math.max(0, gzip / 1000 - goal).toFixed(3)),
  }
}
