import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'

type Plugin = NonNullable<Options['plugins']>[number]

const reactEntries = ['index.js', 'index.cjs']

/**
 * Marks the React entries for bundlers that know React Server Components. This can only be done at
 * the end: tree shaking drops the directive from sources. It shares line 1 with the code, so that
 * source maps stay right.
 */
const useClient: Plugin = {
  name: 'use-client',
  async buildEnd({ writtenFiles }) {
    const entries = writtenFiles.filter((file) => reactEntries.includes(basename(file.name)))
    for (const { name } of entries) {
      await writeFile(name, `"use client";${await readFile(name, 'utf8')}`)
    }
  },
}

export default defineConfig({
  entry: { index: 'src/index.ts', core: 'src/core.ts', codecs: 'src/codecs.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  tsconfig: 'tsconfig.src.json',
  splitting: true,
  treeshake: true,
  sourcemap: true,
  clean: true,
  // tsup itself sets `baseUrl`, which TypeScript 6 reports as deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  plugins: [useClient],
})
