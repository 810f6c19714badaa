import { transformAsync } from '@babel/core'
import compiler from 'babel-plugin-react-compiler'
import { relative } from 'node:path'
import type { Plugin } from 'vite'

/** Compiles a module as an application with the React Compiler would; a bail-out is an error. */
export async function compileForReact(code: string, filename: string) {
  const compiled: string[] = []
  const logger = {
    logEvent(_file: string | null, event: { kind: string; fnName?: string | null }) {
      if (event.kind === 'CompileSuccess' && event.fnName) compiled.push(event.fnName)
    },
  }
  const result = await transformAsync(code, {
    filename,
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    parserOpts: { plugins: ['typescript', 'jsx'] },
    plugins: [[compiler, { panicThreshold: 'all_errors', logger }]],
  })
  return { code: result?.code ?? code, map: result?.map ?? null, compiled }
}

/** The hooks, the recipes, the components of their tests, and the test that proves all this to happen. */
const compiledFiles =
  /^(?:src\/react|docs\/recipes|tests\/react|tests\/recipes|tests\/setup(?=\/react-compiler\.test))\/.*\.tsx?$/

/** Runs the React Compiler as a part of Vite. */
export function reactCompiler(root: string): Plugin {
  return {
    name: 'react-compiler',
    enforce: 'pre',
    async transform(code, id) {
      const file = relative(root, id.split('?')[0] ?? id)
      if (!compiledFiles.test(file)) return null
      const { code: output, map } = await compileForReact(code, file)
      return { code: output, map }
    },
  }
}
