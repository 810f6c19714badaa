import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceBetweenMarks } from '../bench/report.mjs'
import { findBrokenLinks, findBrokenSiteLinks } from '../scripts/documentation-links.mjs'
import {
  docs,
  listAnchors,
  readPage,
  renderRecipeList,
  root,
  sections,
} from '../scripts/documentation-pages.mjs'
import { writeText } from '../scripts/documentation-text.mjs'

const generated = /^docs\/(?:reference|\.vitepress|recipe)\//
const documents = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs', file))
  .filter((file) => !generated.test(file))
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...documents,
]

describe('a link', () => {
  it('leads to a file and a heading that exist, in every page', () => {
    expect(
      findBrokenLinks(
        pages.map((page) => join(root, page)),
        root,
      ),
    ).toEqual([])
  })

  it('that leads nowhere is reported with its page and line', () => {
    const folder = join(root, '.cache', 'broken-links')
    const page = join(folder, 'page.md')
    mkdirSync(folder, { recursive: true })
    const lines = [
      '# Good, `code` and (more)',
      '[itself](#good-code-and-more) [page](page.md#good-code-and-more) [far](https://a.example/#x)',
      '[nowhere](missing.md) and [no heading](#bad)',
      '`[code](missing.md)`',
      '```md',
      '[code](missing.md)',
      '```',
      '![picture](missing.svg)',
    ]
    writeFileSync(page, lines.join('\n'))
    expect(findBrokenLinks([page], folder)).toEqual([
      'page.md:3 missing.md',
      'page.md:3 #bad',
      'page.md:8 missing.svg',
    ])
  })
})

describe('the site', () => {
  const folder = join(root, '.cache', 'site')

  function writeSite(files: Record<string, string>): void {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const [name, html] of Object.entries(files)) writeFileSync(join(folder, name), html)
  }

  it('is not built with a link that leads nowhere', () => {
    writeSite({
      'index.html': '<a href="/base/page.html#here">x</a> <a href="https://a.example/">x</a>',
      'page.html': '<h1 id="here">x</h1> <a href="./gone.html">x</a> <a href="./#there">x</a>',
    })
    expect(findBrokenSiteLinks(folder, '/base/')).toEqual([
      'page.html ./gone.html',
      'page.html ./#there',
    ])
  })

  it('has the Markdown of each page beside it, and lists of them for programs', () => {
    writeSite({})
    writeText(folder)
    const list = readFileSync(join(folder, 'llms.txt'), 'utf8')
    expect(list).toMatch(/^# wirehook\n\n> \w.+\n\n## Learn\n\n- \[First connection]\(learn\/first/)
    expect(list.split('\n- ').length).toBeGreaterThan(30)
    expect(findBrokenLinks([join(folder, 'llms.txt')], folder)).toEqual([])
    expect(readFileSync(join(folder, 'learn/provider.md'), 'utf8')).toMatch(/^# Provider\n/)
    expect(readFileSync(join(folder, 'index.md'), 'utf8')).toMatch(/^# wirehook\n\n\w/)
    expect(readFileSync(join(folder, 'llms-full.txt'), 'utf8')).toContain(
      '\n# Going to production\n',
    )
  })

  it('has every page in one of its sections, once', () => {
    const shown = sections.flatMap((section) => section.pages).map((page) => join('docs', page))
    expect([...shown, 'docs/index.md'].toSorted()).toEqual(documents.toSorted())
  })

  it('says in the first paragraph of each page what it is about', () => {
    const summaries = sections
      .flatMap((section) => section.pages)
      .map(readPage)
      .map(({ path, summary }) => ({ path, isLongEnough: summary.length > 30 }))
    expect(summaries.filter(({ isLongEnough }) => !isLongEnough)).toEqual([])
  })
})

describe('the docs', () => {
  const texts = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('\n')

  it('have a paragraph for every error', () => {
    const source = readFileSync(join(root, 'src/core/errors.ts'), 'utf8')
    const [, catalogue = ''] = /const catalogue = {([^]*?)\n}/.exec(source) ?? []
    const codes = [...catalogue.matchAll(/^ {2}'?([a-z-]+)'?:/gm)].map(([, code]) => code)
    expect(codes).toContain('unauthorized')
    expect(listAnchors(readFileSync(join(docs, 'errors.md'), 'utf8'))).toEqual(
      expect.arrayContaining(codes),
    )
  })

  it.each(['index', 'core', 'codecs'])('mention everything that src/%s.ts exports', (entry) => {
    const source = readFileSync(join(root, 'src', `${entry}.ts`), 'utf8')
    const names = [...source.matchAll(/{([^}]*)}/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((name) => name.trim())
      .filter(Boolean)
    expect(names.length).toBeGreaterThan(5)
    const unmentioned = names.filter((name) => !new RegExp(`\`${name}\\b`).test(texts))
    expect(unmentioned).toEqual([])
  })
})

/** After a change elsewhere: `npx vitest run tests/documentation.test.ts --update` */
describe('what a page shows from elsewhere is as it is there', () => {
  const blocks = {
    'docs/learn/testing.md': {
      'mock-server': showFile('tests/react/testing-with-a-mock-server.test.tsx', 'tsx'),
      'fake-socket': showFile('tests/react/testing-with-a-fake-socket.test.tsx', 'tsx'),
    },
    'docs/learn/production.md': {
      nginx: showFile('examples/nginx/nginx.conf', 'nginx'),
      caddy: showFile('examples/caddy/Caddyfile', 'text'),
      haproxy: showFile('examples/haproxy/haproxy.cfg', 'text'),
    },
    'docs/recipes.md': { recipes: renderRecipeList() },
  }

  it.each(Object.entries(blocks))('%s', async (name, texts) => {
    const page = join(root, name)
    const expected = Object.entries(texts).reduce(
      (text, [mark, block]) => replaceBetweenMarks(text, mark, block),
      readFileSync(page, 'utf8'),
    )
    await expect(expected).toMatchFileSnapshot(page)
  })

  function showFile(file: string, language: string): string {
    return `\`\`\`${language}\n${readFileSync(join(root, file), 'utf8').trimEnd()}\n\`\`\``
  }
})
