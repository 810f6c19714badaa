import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const docs = join(root, 'docs')

/**
 * @typedef {object} Section of the site
 * @property {string} title
 * @property {readonly string[]} pages below docs/, in the order in which they are read
 * @property {string} [generated] folder of further pages, which are made
 *
 * @typedef {object} Page
 * @property {string} path below docs/, with `.md`
 * @property {string} title
 * @property {string} summary its first sentence
 * @property {string} text Markdown, without front matter
 */

/** @type {readonly Section[]} */
export const sections = [
  {
    title: 'Learn',
    pages: [
      'learn/first-connection.md',
      'learn/provider.md',
      'learn/statuses.md',
      'learn/sending.md',
      'learn/messages.md',
      'learn/requests.md',
      'learn/authentication.md',
      'learn/testing.md',
      'learn/server-rendering.md',
      'learn/react-native.md',
      'learn/production.md',
      'codecs.md',
      'large-messages.md',
      'hostile-messages.md',
    ],
  },
  { title: 'Recipes', pages: ['recipes.md'], generated: 'recipe/' },
  { title: 'Reference', pages: ['api.md'], generated: 'reference/' },
  { title: 'Errors', pages: ['errors.md'] },
  { title: 'Reliability', pages: ['reliability.md'] },
  {
    title: 'Moving from',
    pages: [
      'moving-from/react-use-websocket.md',
      'moving-from/partysocket.md',
      'moving-from/hand-written-effect.md',
      'moving-from/vueuse-names.md',
    ],
  },
  { title: 'Protocols', pages: ['PROTOCOLS.md'] },
  { title: 'Decisions', pages: listDecisions() },
]

function listDecisions() {
  const decisions = readdirSync(join(docs, 'decisions')).filter((name) => /^\d/.test(name))
  return ['README.md', ...decisions.toSorted()].map((name) => `decisions/${name}`)
}

/** The pages made from docstrings: there only after `npm run docs`. */
export function listReference() {
  const folder = join(docs, 'reference')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.md')).map((file) => `reference/${file}`)
}

/** Of these, the page of each entry of the package: `wirehook` first. */
export function listEntries() {
  const pages = listReference().filter((page) => /^reference\/.+\/index\.md$/.test(page))
  return pages.toSorted().toReversed()
}

/** The files of docs/recipes/ that are to be copied. */
export function listRecipes() {
  return readdirSync(join(docs, 'recipes'))
    .filter((name) => /\.tsx?$/.test(name))
    .toSorted()
}

/** @param {string} recipe name of a file in docs/recipes/ */
export function toRecipePage(recipe) {
  return `recipe/${recipe.replace(/\.tsx?$/, '.md')}`
}

/** @param {string} recipe name of a file in docs/recipes/ */
export function readRecipe(recipe) {
  const code = readFileSync(join(docs, 'recipes', recipe), 'utf8')
  const [, comment = ''] = /^\/\*\*([^]*?)\*\//m.exec(code) ?? []
  const [summary = ''] = comment
    .replace(/^ \* ?/gm, '')
    .trim()
    .split('\n\n')
  return { code, summary: summary.replaceAll('\n', ' ').replace(/:$/, '.') }
}

/** What there is to be copied, as the first comment of each file says it. */
export function renderRecipeList() {
  return listRecipes()
    .map((recipe) => `- [${recipe}](recipes/${recipe}): ${readRecipe(recipe).summary}`)
    .join('\n')
}

/**
 * The page of the site for a recipe.
 *
 * @param {string} recipe name of a file in docs/recipes/
 */
export function renderRecipe(recipe) {
  const { code, summary } = readRecipe(recipe)
  const language = recipe.split('.').at(-1)
  return `# ${recipe}\n\n${summary}\n\n\`\`\`${language}\n${code}\`\`\`\n\n[All recipes](../recipes.md)\n`
}

/**
 * @param {string} path below docs/
 * @returns {Page}
 */
export function readPage(path) {
  return describePage(path, readFileSync(join(docs, path), 'utf8'))
}

/**
 * @param {string} path
 * @param {string} source
 * @returns {Page}
 */
export function describePage(path, source) {
  const [, frontMatter = '', text = source] = /^---\n([^]*?)\n---\n+([^]*)$/.exec(source) ?? []
  const lines = withoutCode(text)
  const title = findTitle(lines) ?? /^title: (.+)$/m.exec(frontMatter)?.[1]
  const tagline = /^ +tagline: (.+)$/m.exec(frontMatter)?.[1]
  return { path, title: title ?? basename(path, '.md'), summary: tagline ?? summarize(lines), text }
}

/** @param {readonly string[]} lines */
function findTitle(lines) {
  return lines.find((line) => line.startsWith('# '))?.slice(2)
}

/** @param {readonly string[]} lines */
function summarize(lines) {
  const paragraphs = lines.join('\n').split(/\n{2,}/)
  const first = paragraphs.find((paragraph) => /^[\w*`"[]/.test(paragraph)) ?? ''
  const [sentence] = first.replaceAll('\n', ' ').split(/(?<=\.) (?=[A-Z`])/)
  return sentence?.replace(/:$/, '.') ?? ''
}

/**
 * The lines of a page, those inside of code blocks emptied, so that the numbers of the others stay.
 *
 * @param {string} text
 */
export function withoutCode(text) {
  let fence = ''
  return text.split('\n').map((line) => {
    const [, mark = ''] = /^ *(`{3,}|~{3,})/.exec(line) ?? []
    const isInside = fence !== ''
    if (mark && (!isInside || mark === fence)) fence = isInside ? '' : mark
    return isInside || mark ? '' : line
  })
}

/**
 * The anchors of a page, as GitHub and the site make them from its headings.
 *
 * @param {string} text
 */
export function listAnchors(text) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  return withoutCode(text).flatMap((line) => {
    const [, heading] = /^#{1,6} +(.+)$/.exec(line) ?? []
    if (heading === undefined) return []
    const anchor = slugify(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', ''))
    const count = counts.get(anchor) ?? 0
    counts.set(anchor, count + 1)
    return count ? `${anchor}-${count}` : anchor
  })
}

/**
 * The anchor of a heading, by GitHub's rule.
 *
 * @param {string} heading
 */
export function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}
