import { dirname } from 'node:path'
import { defineConfig, type DefaultTheme } from 'vitepress'
import {
  listEntries,
  listRecipes,
  listReference,
  readPage,
  sections,
  slugify,
  toRecipePage,
} from '../../scripts/documentation-pages.mjs'
import { adaptMarkdown } from './adapt-markdown.ts'

type Section = (typeof sections)[number]

/** What the folders of an entry are called. */
const kinds = {
  functions: 'Functions',
  classes: 'Classes',
  variables: 'Variables',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
}

/** What is made for a section, beside its pages. */
const made: Partial<Record<string, DefaultTheme.SidebarItem[]>> = {
  Recipes: listRecipes().map((recipe) => ({ text: recipe, link: toLink(toRecipePage(recipe)) })),
  Reference: listEntries().map(toEntryItem),
}

export default defineConfig({
  title: 'wirehook',
  description: readPage('index.md').summary,
  lang: 'en',
  cacheDir: '../.cache/vitepress',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  markdown: { anchor: { slugify }, config: adaptMarkdown },
  // No icon, or browsers would ask for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // The Markdown of each page lies beside it.
  transformHead: ({ page }) => [
    ['link', { rel: 'alternate', type: 'text/markdown', href: `./${page.split('/').at(-1)}` }],
  ],
  themeConfig: {
    nav: sections.map(toNavigation),
    sidebar: sections.map(toSidebar),
    outline: [2, 3],
    search: { provider: 'local' },
  },
})

function toNavigation({ title, pages, generated }: Section): DefaultTheme.NavItemWithLink {
  const paths = [...pages.map((page) => toLink(page).slice(1)), generated ?? []].flat()
  return { text: title, link: toLink(pages[0] ?? ''), activeMatch: `^/(?:${paths.join('|')})` }
}

function toSidebar({ title, pages }: Section): DefaultTheme.SidebarItem {
  const items = [...pages.map(toItem), ...(made[title] ?? [])]
  const [first] = items
  return items.length === 1 && first ? first : { text: title, items, collapsed: title !== 'Learn' }
}

function toItem(page: string): DefaultTheme.SidebarItem {
  return { text: readPage(page).title, link: toLink(page) }
}

function toLink(page: string): string {
  return `/${page.replace(/(?:(?<=\/)(?:README|index))?\.md$/, '')}`
}

/** What an entry exports, by kind. */
function toEntryItem(entry: string): DefaultTheme.SidebarItem {
  const pages = listReference().toSorted()
  const items = Object.entries(kinds).flatMap(([folder, text]) => {
    const ofKind = pages.filter((page) => dirname(page) === `${dirname(entry)}/${folder}`)
    return ofKind.length > 0 ? [{ text, items: ofKind.map(toItem) }] : []
  })
  return { ...toItem(entry), items, collapsed: true }
}
