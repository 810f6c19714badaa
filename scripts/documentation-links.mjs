import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { listAnchors, withoutCode } from './documentation-pages.mjs'

/** Leads out of the documentation: nobody asks the network here. */
const external = /^(?:[a-z][a-z+.-]*:|\/\/)/i

/**
 * Links of Markdown pages to files and headings that do not exist.
 *
 * @param {readonly string[]} pages paths
 * @param {string} folder that the paths in the answer start from
 * @returns {string[]} as `file.md:line link`
 */
export function findBrokenLinks(pages, folder) {
  return pages.flatMap((page) =>
    listLinks(readFileSync(page, 'utf8'))
      .filter(({ link }) => !external.test(link) && !leadsSomewhere(page, link))
      .map(({ line, link }) => `${relative(folder, page)}:${line} ${link}`),
  )
}

/** @param {string} text */
function listLinks(text) {
  return withoutCode(text).flatMap((line, index) => {
    const shown = line.replace(/`[^`]*`/g, '')
    const inline = [...shown.matchAll(/\]\(([^()\s]+)[^)]*\)/g)]
    const references = [...shown.matchAll(/^ *\[[^\]]+\]: +(\S+)/g)]
    return [...inline, ...references].map(([, link = '']) => ({ line: index + 1, link }))
  })
}

/**
 * @param {string} page
 * @param {string} link
 */
function leadsSomewhere(page, link) {
  const [path = '', anchor] = link.split('#')
  const target = path ? join(dirname(page), decodeURI(path)) : page
  if (!existsSync(target)) return false
  return anchor === undefined || listAnchors(readFileSync(target, 'utf8')).includes(anchor)
}

/**
 * Links of a built site to files and anchors that are not in it.
 *
 * @param {string} site its folder
 * @param {string} base the path it will be served under
 * @returns {string[]} as `page.html link`
 */
export function findBrokenSiteLinks(site, base) {
  const files = new Set(readdirSync(site, { recursive: true, encoding: 'utf8' }))
  const pages = [...files].filter((file) => file.endsWith('.html') && file !== '404.html')
  const anchors = new Map(pages.map((page) => [page, readAnchors(join(site, page))]))

  /**
   * @param {string} page
   * @param {string} link
   */
  function isBroken(page, link) {
    const { pathname, hash } = new URL(link, `https://site.example${base}${page}`)
    const file = decodeURI(pathname)
      .slice(base.length)
      .replace(/(^|\/)$/, '$1index.html')
    if (!files.has(file)) return true
    return hash.length > 1 && anchors.get(file)?.has(decodeURI(hash.slice(1))) === false
  }

  return pages.flatMap((page) => {
    const html = readFileSync(join(site, page), 'utf8')
    const links = [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link = '']) => link)
    return [...new Set(links)]
      .filter((link) => !external.test(link) && isBroken(page, link))
      .map((link) => `${page} ${link}`)
  })
}

/** @param {string} file */
function readAnchors(file) {
  const html = readFileSync(file, 'utf8')
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
}
