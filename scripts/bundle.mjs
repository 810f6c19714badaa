import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** As an application bundles for production, with React beside it. */
export const bundleSettings = /** @satisfies {import('esbuild').BuildOptions} */ ({
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  external: ['react', 'react-dom', 'react/jsx-runtime'],
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'error',
})

/**
 * What an application carries that has this code in it.
 *
 * @param {string} code
 * @param {string} folder that its imports are resolved in
 */
export async function bundle(code, folder) {
  const { outputFiles } = await build({
    ...bundleSettings,
    stdin: { contents: code, resolveDir: folder },
  })
  const [output] = outputFiles
  if (!output) throw new Error('The bundler made no file.')
  return output
}

/**
 * Bytes of a bundle, as it is and as it travels.
 *
 * @param {Uint8Array} contents
 */
export function measureBytes(contents) {
  return {
    minified: contents.length,
    gzip: gzipSync(contents, { level: 9 }).length,
    brotli: brotliCompressSync(contents).length,
  }
}
