// Writes registry/: the recipes as items that `npx shadcn add` understands. After a change of a recipe:
// `node scripts/registry.mjs`. A test says when that was forgotten.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { listRecipes, readRecipe } from './documentation-pages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'registry')
const schemas = 'https://ui.shadcn.com/schema'

/** What every React app has. */
const given = ['react', 'react-dom']

/**
 * @typedef {object} Item of a registry: https://ui.shadcn.com/docs/registry/registry-item-json
 * @property {string} name
 * @property {'registry:component' | 'registry:hook' | 'registry:lib'} type
 * @property {string} title
 * @property {string} description
 * @property {readonly string[]} dependencies
 * @property {readonly { path: string, type: string, content?: string }[]} files
 */

/**
 * All files of the registry as they should be.
 *
 * @returns {Promise<ReadonlyMap<string, string>>} texts by their names
 */
export async function renderRegistry() {
  const items = listRecipes().map(describe)
  const { name } = readPackage()
  const index = {
    $schema: `${schemas}/registry.json`,
    name,
    homepage: `https://www.npmjs.com/package/${name}`,
    items: items.map((item) => ({ ...item, files: item.files.map(withoutContent) })),
  }
  const files = await Promise.all([
    toFile('registry', index),
    ...items.map((item) =>
      toFile(item.name, { $schema: `${schemas}/registry-item.json`, ...item }),
    ),
  ])
  return new Map(files)
}

/** What is there now. */
export function readRegistry() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/**
 * @param {string} recipe name of a file in docs/recipes/
 * @returns {Item}
 */
function describe(recipe) {
  const { code, summary: description } = readRecipe(recipe)
  const content = moveHeader(code)
  const name = recipe.replace(/\.tsx?$/, '')
  const type = findType(recipe, content)
  const dependencies = listDependencies(content)
  // Where it goes is for the app to say, in its components.json; so there is no `target`.
  const files = [{ path: `docs/recipes/${recipe}`, type, content }]
  return { name, type, title: toTitle(name), description, dependencies, files }
}

/**
 * Puts the comment at the top behind the imports: `shadcn` takes away what stands before them. There
 * it is no docstring, which would belong to what follows.
 *
 * @param {string} code
 */
function moveHeader(code) {
  return code.replace(
    /^('use client'\n+)?\/\*(\*[^]*?\*\/\n)('use client'\n+)?\n?(import [^]*? from '[^']+'\n)(?!import )/,
    (_, before = '', comment, after = '', imports) => `${before}${after}${imports}\n/${comment}`,
  )
}

/** @param {{ path: string, type: string }} file */
function withoutContent({ path, type }) {
  return { path, type }
}

/**
 * @param {string} recipe
 * @param {string} code
 * @returns {Item['type']}
 */
function findType(recipe, code) {
  if (recipe.endsWith('.tsx')) return 'registry:component'
  return /^export function use[A-Z]/m.test(code) ? 'registry:hook' : 'registry:lib'
}

/**
 * The packages it imports, each in the major version that the recipe is tested with.
 *
 * @param {string} code
 */
function listDependencies(code) {
  const { name: own, devDependencies } = readPackage()
  const packages = [...code.matchAll(/ from '((?:@[^/']+\/)?[^./'][^/']*)/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(packages)]
    .filter((name) => !given.includes(name))
    .toSorted()
    .map((name) => (name === own ? name : `${name}@${devDependencies[name]?.split('.')[0]}`))
}

function readPackage() {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  return /** @type {{ name: string, devDependencies: Record<string, string> }} */ (JSON.parse(text))
}

/** @param {string} name */
function toTitle(name) {
  const words = name.replaceAll('-', ' ')
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return title.replace('Tanstack query', 'TanStack Query').replace('web socket', 'WebSocket')
}

/**
 * @param {string} name
 * @param {object} value
 * @returns {Promise<[string, string]>}
 */
async function toFile(name, value) {
  return [`${name}.json`, await format(JSON.stringify(value), { parser: 'json', printWidth: 100 })]
}

const isRunDirectly = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunDirectly) {
  for (const name of readRegistry().keys()) rmSync(join(folder, name))
  for (const [name, text] of await renderRegistry()) writeFileSync(join(folder, name), text)
}
