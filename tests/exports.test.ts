import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const entries = ['index', 'core', 'codecs'].map((name) => ({
  name,
  file: fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
}))
const program = ts.createProgram(
  entries.map(({ file }) => file),
  { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] },
)
const checker = program.getTypeChecker()

/** `createConnection` for a value, `type Connection` for what exists at compile time only. */
function listExports(file: string): string[] {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} is not a module.`)
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
      const { flags } = isAlias ? checker.getAliasedSymbol(symbol) : symbol
      return (flags & ts.SymbolFlags.Value) === 0 ? `type ${symbol.name}` : symbol.name
    })
    .toSorted()
}

describe('a change of what the package offers shows in a diff of this snapshot', () => {
  it.each(entries)('$name', ({ file }) => {
    expect(listExports(file)).toMatchSnapshot()
  })

  it.each(entries)('$name has no default export', ({ file }) => {
    expect(listExports(file)).not.toContain('default')
  })
})
