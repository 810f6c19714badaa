import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const blockPattern = /^(?<fence> *`{3,})(?<language>tsx?)\b.*\n(?<code>[^]*?)^\k<fence>$/gm

/** The pages whose code has to compile: the README and everything under docs/. */
export function listPages(folder = root) {
  const docs = join(folder, 'docs')
  const pages = existsSync(docs) ? readdirSync(docs, { recursive: true, encoding: 'utf8' }) : []
  return [
    join(folder, 'README.md'),
    ...pages
      // The reference is generated from docstrings.
      .filter((page) => page.endsWith('.md') && !page.startsWith('reference'))
      .map((page) => join(docs, page)),
  ].filter((page) => existsSync(page))
}

/**
 * Compiles each ts and tsx block of the pages as a module of its own, against the sources.
 *
 * @param {string[]} pages paths of Markdown files
 * @param {string} folder an ignored folder inside the repository, which is emptied first
 * @returns {{ blocks: number, problems: string[] }} problems as `file.md:line message`
 */
export function typecheckPages(pages, folder = join(root, '.cache', 'markdown')) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const sources = new Map(
    pages.flatMap((page) => extractBlocks(page).map((block) => writeBlock(folder, page, block))),
  )
  const program = ts.createProgram([...sources.keys()], readCompilerOptions(folder))
  const diagnostics = [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  const problems = diagnostics.map(({ file, start, messageText }) => {
    const page = relative(root, sources.get(file?.fileName ?? '') ?? '')
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
    return `${page}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  return { blocks: sources.size, problems }
}

/** @param {string} page */
function extractBlocks(page) {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(blockPattern)].map(({ index, groups }) => ({
    line: text.slice(0, index).split('\n').length,
    language: groups?.language ?? 'ts',
    code: groups?.code ?? '',
  }))
}

/**
 * Blank lines in front give the module the line numbers of its page.
 *
 * @param {string} folder
 * @param {string} page
 * @param {{ line: number, language: string, code: string }} block
 * @returns {[file: string, page: string]}
 */
function writeBlock(folder, page, { line, language, code }) {
  const file = join(folder, `${relative(root, page)}-${line}.${language}`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${'\n'.repeat(line)}${code}\nexport {}\n`)
  return [file, page]
}

/** @param {string} folder where the blocks lie as their pages lie in the repository */
function readCompilerOptions(folder) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined }
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, host)
  // A short example may well declare something it does not go on to use.
  return {
    ...config?.options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // What pages about moving show as "before" uses packages that only the bench has.
    paths: { ...config?.options.paths, '*': ['./bench/node_modules/*'] },
    // A relative import in a block is relative to its page.
    rootDirs: [root, folder],
  }
}
