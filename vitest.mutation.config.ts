import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** The tests that are to notice mutants of src/core: fast ones, without a network. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^wirehook$/, replacement: `${root}src/index.ts` },
      { find: /^wirehook\/core$/, replacement: `${root}src/core.ts` },
      { find: /^wirehook\/codecs$/, replacement: `${root}src/codecs.ts` },
    ],
  },
  test: {
    environment: 'node',
    include: ['tests/{core,codecs}/**/*.test.ts'],
    // What is put into the code to switch mutants on touches a global at import.
    testNamePattern: '^(?!importing the package)',
  },
})
