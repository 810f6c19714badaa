import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application, ReflectionKind } from 'typedoc'
import { docs, listReference, root } from './documentation-pages.mjs'

/** @type {Readonly<Record<string, string>>} the entries, by their file in src/ */
const entries = { index: 'wirehook', core: 'wirehook/core', codecs: 'wirehook/codecs' }

const appearance = {
  entryFileName: 'index',
  modulesFileName: 'index',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  pageTitleTemplates: { member: '{name}' },
}

/** Makes docs/reference/ from the docstrings: a page for each name that an entry exports. */
export async function writeReference() {
  const folder = join(docs, 'reference')
  rmSync(folder, { recursive: true, force: true })
  const application = await Application.bootstrapWithPlugins({
    entryPoints: Object.keys(entries).map((name) => join(root, 'src', `${name}.ts`)),
    tsconfig: join(root, 'tsconfig.src.json'),
    plugin: [import.meta.resolve('typedoc-plugin-markdown')],
    name: 'Reference',
    readme: 'none',
    disableSources: true,
    hideGenerator: true,
    logLevel: 'Warn',
    outputs: [{ name: 'markdown', path: folder }],
    ...appearance,
  })
  const project = await application.convert()
  if (!project) throw new Error('The sources could not be read.')
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    module.name = entries[module.name] ?? module.name
  }
  await application.generateOutputs(project)
  if (application.logger.hasErrors() || application.logger.hasWarnings()) {
    throw new Error('The reference is not complete: see above.')
  }
  for (const page of listReference()) tidy(join(docs, page))
}

/**
 * Takes less room for what is short: a default is a line, and what is only handed on a list.
 *
 * @param {string} page
 */
function tidy(page) {
  const text = readFileSync(page, 'utf8')
    .replace(/^#+ Default\n\n```ts\n(.+)\n```$/gm, '**Default:** `$1`')
    .replace(/^#+ Default\n\n/gm, '**Default:** ')
    .replace(/^#+ .+\n\nRe-exports (.+)\n+(?:\*\*\*\n+)?/gm, '- $1\n')
    .replace('## References', 'The same as in `wirehook`:')
  writeFileSync(page, text)
}
