// Runs in the project `dom-compiled` only: without it, that project could silently test nothing new.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileForReact } from './react-compiler'

const folder = join(import.meta.dirname, '../../src/react')
const modules = readdirSync(folder).map((name) => ({
  name,
  code: readFileSync(join(folder, name), 'utf8'),
}))
const exportedHook = /^export function (use[A-Z]\w*)/gm

describe('the React Compiler', () => {
  it.each(modules)('compiles the hooks of $name', async ({ name, code }) => {
    const hooks = [...code.matchAll(exportedHook)].map(([, hook]) => hook)
    const { compiled } = await compileForReact(code, name)
    expect(compiled).toEqual(expect.arrayContaining(hooks))
  })

  it('has compiled the components of this project', () => {
    function Greeting({ name }: { name: string }) {
      return <p>{[name, name].join()}</p>
    }
    // The call that makes the cache of a compiled component.
    expect(String(Greeting)).toMatch(/\bc\)\(\d\)/)
  })
})
