// What is in registry/ is made from the recipes. After a change of one: `node scripts/registry.mjs`
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRegistry, renderRegistry } from '../scripts/registry.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

interface File {
  readonly path: string
  readonly type: string
  readonly content?: string
}

interface Item {
  readonly $schema?: string
  readonly name: string
  readonly type: string
  readonly title: string
  readonly description: string
  readonly dependencies: readonly string[]
  readonly files: readonly File[]
}

interface Index {
  readonly $schema: string
  readonly name: string
  readonly homepage: string
  readonly items: readonly Item[]
}

const files = readRegistry()
const index = JSON.parse(files.get('registry.json') ?? '') as Index
const items = [...files]
  .filter(([name]) => name !== 'registry.json')
  .map(([, text]) => JSON.parse(text) as Item)

/** The header of a recipe, and the code around it. */
function takeApart(code: string) {
  const header = /\/\*\*?\n( \*[^]*?\*\/)\n+/
  return { header: header.exec(code)?.[1], rest: code.replace(header, '') }
}

describe('the registry', () => {
  it('is what the recipes make it', async () => {
    const expected = await renderRegistry()
    expect([...files.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [name, text] of expected) expect(files.get(name), name).toBe(text)
  })

  it('lists every item, without the code', () => {
    expect(index).toMatchObject({
      $schema: 'https://ui.shadcn.com/schema/registry.json',
      name: 'wirehook',
      homepage: expect.stringMatching(/^https:/) as string,
    })
    expect(index.items.map(({ name }) => name)).toEqual(items.map(({ name }) => name).toSorted())
    for (const { files: listed } of index.items) expect(listed[0]).not.toHaveProperty('content')
  })

  it('has headers where shadcn leaves them: behind the imports', () => {
    const withHeaders = items.filter(({ files: [file] }) => file?.content?.includes('\n/*\n * '))
    expect(withHeaders.length).toBeGreaterThan(10)
    for (const { files: listed } of withHeaders) {
      expect(listed[0]?.content).toMatch(/^('use client'\n+)?import [^]+?\n\n\/\*\n \* /)
    }
  })

  it.each(items)('has all that shadcn wants to know about $name', (item) => {
    expect(item).toMatchObject({
      $schema: 'https://ui.shadcn.com/schema/registry-item.json',
      type: expect.stringMatching(/^registry:(component|hook|lib)$/) as string,
      title: expect.stringMatching(/^[A-Z]/) as string,
      description: expect.stringMatching(/^[A-Z].*\.$/) as string,
    })
    for (const { path, type, content } of item.files) {
      expect(type).toBe(item.type)
      expect(takeApart(content ?? '')).toEqual(takeApart(readFileSync(join(root, path), 'utf8')))
    }
  })

  it('names what a recipe needs, in the version it is tested with', () => {
    const dependencies = Object.fromEntries(items.map((item) => [item.name, item.dependencies]))
    expect(dependencies).toMatchObject({
      'log-tail': ['@tanstack/react-virtual@3', 'wirehook'],
      'tanstack-query': ['@tanstack/react-query@5', 'wirehook'],
      'use-web-socket': [],
      redux: ['@reduxjs/toolkit@2', 'wirehook'],
      zustand: ['wirehook', 'zustand@5'],
    })
  })
})
