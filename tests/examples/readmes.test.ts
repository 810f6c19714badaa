import { join } from 'node:path'
import { expect, it } from 'vitest'
import { typecheckPages } from '../../scripts/typecheck-markdown.mjs'

const root = join(import.meta.dirname, '../..')

it('the code in the pages of the servers compiles', { timeout: 60_000 }, () => {
  const pages = ['node-server', 'python-server', 'nginx'].map((example) =>
    join(root, 'examples', example, 'README.md'),
  )
  const { blocks, problems } = typecheckPages(pages, join(root, '.cache', 'markdown-examples'))
  expect(problems).toEqual([])
  expect(blocks).toBe(3)
})
