import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each file breaks one rule of the lint configuration that keeps the layers apart. */
const violations = [
  ['src/core/a.ts', `import '../react/use-web-socket'`, 'no-restricted-imports'],
  ['src/core/b.ts', `import '../index'`, 'no-restricted-imports'],
  ['src/core/c.ts', `import 'react'`, 'no-restricted-imports'],
  ['src/core/connection.ts', `import './emitter'`, 'no-restricted-imports'],
  ['src/react/a.ts', `import '../core'`, 'no-restricted-imports'],
  ['src/react/b.ts', `import '../index'`, 'no-restricted-imports'],
  ['src/react/c.ts', `import 'react-dom'`, 'no-restricted-imports'],
  ['src/core/m.ts', `import '../codecs/json'`, 'no-restricted-imports'],
  ['src/codecs/a.ts', `import '../react/use-web-socket'`, 'no-restricted-imports'],
  ['src/codecs/b.ts', `import 'react'`, 'no-restricted-imports'],
  ['src/react/f.ts', `import '../codecs/json'`, 'no-restricted-imports'],
  [
    'src/codecs.ts',
    `export { useWebSocket } from './react/use-web-socket'`,
    'no-restricted-imports',
  ],
  ['src/core.ts', `export { useWebSocket } from './react/use-web-socket'`, 'no-restricted-imports'],
  ['src/index.ts', `export { createConnection } from './core'`, 'no-restricted-imports'],
  ['stories/a.stories.tsx', `import '../src/core/emitter'`, 'no-restricted-imports'],
  ['src/core/d.ts', `new WebSocket('')`, 'no-restricted-globals'],
  ['src/core/e.ts', `setTimeout(() => {}, 1)`, 'no-restricted-globals'],
  ['src/core/f.ts', `export const now = Date.now()`, 'no-restricted-globals'],
  ['src/core/g.ts', `export const online = globalThis.navigator`, 'no-restricted-globals'],
  ['src/react/d.ts', `export const title = document.title`, 'no-restricted-globals'],
  ['src/core/h.ts', `export const random = Math.random()`, 'no-restricted-properties'],
  ['src/core/i.ts', `export default {}`, 'no-default-export'],
  ['src/core/j.ts', `console.log('')`, 'no-console'],
] as const

/** Each file does what looks similar and is allowed. */
const allowed = [
  ['src/core/k.ts', `import './emitter'`],
  ['src/core/environment.ts', `new WebSocket('', [String(Date.now() + Math.random())])`],
  ['src/react/e.ts', `import 'react'; import './f'; import '../core/emitter'`],
  ['src/codecs/c.ts', `import './json'; import '../core/errors'`],
  ['src/core/l.ts', `export type Socket = WebSocket | Date`],
] as const

describe('the lint rules that keep the layers apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wirehook-'))
  const findings = new Map<string, string>()

  beforeAll(() => {
    const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8')
    // None of these rules needs types, and there is no TypeScript project here.
    const untyped = config.replace('"typeAware": true', '"typeAware": false')
    writeFileSync(join(folder, '.oxlintrc.json'), untyped)
    for (const [file, code] of [...violations, ...allowed]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), `${code}\n`)
    }
    const oxlint = join(root, 'node_modules/.bin/oxlint')
    const { stdout } = spawnSync(oxlint, ['--format=json'], { cwd: folder, encoding: 'utf8' })
    const report = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
    for (const { filename, code } of report.diagnostics) {
      findings.set(filename, `${findings.get(filename) ?? ''} ${code}`)
    }
  }, 30_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(violations)('%s: %s', (file, _code, rule) => {
    expect(findings.get(file)).toContain(rule)
  })

  it.each(allowed)('allowed in %s: %s', (file) => {
    expect(findings.get(file) ?? '').not.toContain('no-restricted')
  })
})

it('no comment switches off a lint rule or the type check', () => {
  // The brackets keep this file from finding itself.
  const suppression = /(ox|es)lint[-]disable|@ts[-](ignore|nocheck)/
  const folders = ['src', 'tests', 'stories', '.storybook', 'scripts'].map((name) =>
    join(root, name),
  )
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files.filter((file) => suppression.test(readFileSync(file, 'utf8')))).toEqual([])
})
