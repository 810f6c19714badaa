import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { listPages, typecheckPages } from '../scripts/typecheck-markdown.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

it('compiles every example in the README and the docs', { timeout: 60_000 }, () => {
  const pages = listPages()
  expect(pages).toContain(join(root, 'README.md'))
  expect(typecheckPages(pages).problems).toEqual([])
})

it('names the page and the line of an example that does not compile', { timeout: 60_000 }, () => {
  const folder = join(root, '.cache', 'broken-page')
  const page = join(folder, 'page.md')
  mkdirSync(folder, { recursive: true })
  const lines = ['# Page', '', '```ts', 'const fine = 1', 'const broken: string = 1', '```', '']
  writeFileSync(page, lines.join('\n'))
  expect(typecheckPages([page], join(folder, 'blocks'))).toEqual({
    blocks: 1,
    problems: [".cache/broken-page/page.md:5 Type 'number' is not assignable to type 'string'."],
  })
})
