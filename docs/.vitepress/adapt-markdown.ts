import { basename } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { listReference } from '../../scripts/documentation-pages.mjs'

/** Pages of the reference by the name they are about. */
const referencePages = new Map(listReference().map((page) => [basename(page, '.md'), page]))

/** Pages are plain Markdown that reads well anywhere. What else the site makes of it is here. */
export function adaptMarkdown(markdown: MarkdownRenderer): void {
  leadToRecipePages(markdown)
  renderCode(markdown)
}

/** Elsewhere, a link to a recipe shows its file. */
function leadToRecipePages(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('recipes', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.attrGet('href')
      if (link) token.attrSet('href', link.replace(/recipes\/([\w-]+)\.tsx?$/, 'recipe/$1.md'))
    }
  })
}

/** To Vue, braces in code would be an expression. Names on the page of all names lead to theirs. */
function renderCode(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.code_inline = (tokens, index, _options, env) => {
    const content = tokens[index]?.content ?? ''
    const code = `<code v-pre>${markdown.utils.escapeHtml(content)}</code>`
    const { relativePath } = env as { relativePath?: string }
    const page = relativePath === 'api.md' && referencePages.get(content)
    return page ? `<a href="./${page.replace(/md$/, 'html')}">${code}</a>` : code
  }
}
