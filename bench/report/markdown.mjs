/**
 * A table in the form that prettier gives it: the first column to the left, all others to the right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function renderMarkdownTable(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/**
 * @param {string} text
 * @param {number} width
 * @param {number} column
 */
function pad(text, width, column) {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}

/**
 * Puts a text between the marks of that name in a page.
 *
 * @param {string} page
 * @param {string} name
 * @param {string} text
 */
export function replaceBetweenMarks(page, name, text) {
  const [before, rest] = splitAt(page, `<!-- ${name} -->`)
  const [, after] = splitAt(rest, `<!-- /${name} -->`)
  return `${before}<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->${after}`
}

/**
 * @param {string} text
 * @param {string} mark
 */
function splitAt(text, mark) {
  const at = text.indexOf(mark)
  if (at < 0) throw new Error(`The page has no ${mark}.`)
  return /** @type {const} */ ([text.slice(0, at), text.slice(at + mark.length)])
}
