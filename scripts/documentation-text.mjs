import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  describePage,
  docs,
  listEntries,
  listRecipes,
  listReference,
  readPage,
  sections,
  toRecipePage,
  renderRecipe,
} from './documentation-pages.mjs'

/** @typedef {import('./documentation-pages.mjs').Page} Page */

const introduction = readPage('index.md')

/**
 * Puts a Markdown twin beside each page of a built site, and `llms.txt` and `llms-full.txt` on top:
 * what there is, for readers that are programs.
 *
 * @param {string} site its folder
 */
export function writeText(site) {
  const shown = sections.map(({ title, pages }) => {
    const entries = title === 'Reference' ? listEntries() : []
    return { title, pages: [...pages, ...entries].map(readSitePage) }
  })
  const recipes = listRecipes().map((recipe) =>
    describePage(toRecipePage(recipe), renderRecipe(recipe)),
  )
  const all = [...shown.flatMap(({ pages }) => pages), ...recipes, ...listReference().map(readPage)]
  for (const { path, text } of all) write(join(site, path), text)
  write(
    join(site, 'index.md'),
    `# ${introduction.title}\n\n${introduction.summary}\n\n${introduction.text}`,
  )
  cpSync(join(docs, 'recipes'), join(site, 'recipes'), { recursive: true })

  write(join(site, 'llms.txt'), listPages(shown))
  write(join(site, 'llms-full.txt'), all.map(({ text }) => text.trim()).join('\n\n'))
}

/** @param {readonly { title: string, pages: readonly Page[] }[]} shown */
function listPages(shown) {
  const lists = shown.map(({ title, pages }) => {
    const lines = pages.map((page) => `- [${page.title}](${page.path}): ${page.summary}`)
    return `## ${title}\n\n${lines.join('\n')}`
  })
  return [`# ${introduction.title}`, `> ${introduction.summary}`, ...lists, ''].join('\n\n')
}

/** @param {string} path */
function readSitePage(path) {
  return { ...readPage(path), path: path.replace(/README\.md$/, 'index.md') }
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
