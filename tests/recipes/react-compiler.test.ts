import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileForReact } from '../setup/react-compiler'

const folder = join(import.meta.dirname, '../../docs/recipes')
const files = readdirSync(folder).filter((name) => name.endsWith('.tsx'))

/** Components that say so themselves, for they call a hook whose result changes in place. */
const leftOut: Record<string, string> = { 'log-tail.tsx': 'Lines' }

describe('the React Compiler', () => {
  it.each(files)('compiles every component and hook of %s', async (file) => {
    const code = readFileSync(join(folder, file), 'utf8')
    const names = [...code.matchAll(/^(?:export )?function ((?:use)?[A-Z]\w*)/gm)].map(
      ([, name]) => name,
    )
    const { compiled } = await compileForReact(code, file)
    expect(names.filter((name) => name === undefined || !compiled.includes(name))).toEqual(
      file in leftOut ? [leftOut[file]] : [],
    )
  })
})
