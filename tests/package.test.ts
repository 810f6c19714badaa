// Looks at the package as it is built into dist/: run `npm run build` first.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a module in a Node of its own, where the package finds itself through its `exports`. */
function runInNode(code: string, ...flags: string[]): string {
  const parameters = [...flags, '--input-type=module', '--eval', code]
  return execFileSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' }).trim()
}

/** Code that makes it an error even to ask whether a global is there. */
const poisonGlobals = `
  const names = ['window', 'self', 'document', 'location', 'navigator', 'WebSocket', 'crypto', 'fetch',
    'performance', 'BroadcastChannel', 'addEventListener', 'requestAnimationFrame', 'reportError',
    'setTimeout', 'setInterval', 'queueMicrotask']
  const touch = (name) => { throw new Error('touched ' + name) }
  for (const name of names) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => touch(name) })
  }
  Math.random = () => touch('Math.random')
  Date.now = () => touch('Date.now')
`

describe('the built package', () => {
  it.each(['index.js', 'index.cjs'])('dist/%s starts with "use client"', (file) => {
    expect(readFileSync(`${root}dist/${file}`, 'utf8')).toMatch(/^"use client";/)
  })

  it.each(['core.js', 'core.cjs', 'codecs.js', 'codecs.cjs'])(
    'dist/%s has no directive and no React',
    (file) => {
      const code = readFileSync(`${root}dist/${file}`, 'utf8')
      expect(code).not.toContain('use client')
      expect(code).not.toMatch(/(?:from |require\()["']react["']/)
    },
  )

  it('is one package whether it is imported or required, whole or without React', () => {
    const imported = `
      const whole = await import('wirehook')
      const core = await import('wirehook/core')
      console.log(whole.createConnection === core.createConnection)`
    const required = `
      import { createRequire } from 'node:module'
      const require = createRequire(process.cwd() + '/')
      console.log(require('wirehook').createConnection === require('wirehook/core').createConnection)`
    expect(runInNode(imported)).toBe('true')
    expect(runInNode(required)).toBe('true')
  })

  it('has codecs whose errors are those of the connection', () => {
    const code = `
      import { createRequire } from 'node:module'
      const require = createRequire(process.cwd() + '/')
      for (const load of [(name) => import(name), require]) {
        const { WirehookError } = await load('wirehook')
        const { envelope } = await load('wirehook/codecs')
        try { envelope({ compress: { minBytes: -1 } }) }
        catch (error) { console.log(error instanceof WirehookError) }
      }`
    expect(runInNode(code)).toBe('true\ntrue')
  })

  it.each(['wirehook/core', 'wirehook/codecs'])(
    'touches no global when %s is imported',
    (entry) => {
      const code = `${poisonGlobals}
      await import('${entry}')`
      expect(runInNode(code)).toBe('')
    },
  )

  it('touches no global when wirehook is imported', () => {
    // React itself looks at some when it loads.
    const code = `await import('react')
      ${poisonGlobals}
      await import('wirehook')`
    expect(runInNode(code)).toBe('')
  })

  it('gives React Server Components a core without React, idle where there is no browser', () => {
    const code = `
      for (const name of ['window', 'document', 'navigator', 'WebSocket']) delete globalThis[name]
      const { createConnection } = await import('wirehook/core')
      console.log(createConnection('wss://example.com/live').getSnapshot().status)`
    expect(runInNode(code, '--conditions=react-server')).toBe('idle')
  })

  it('has no dependencies besides React, which the application brings', () => {
    expect(manifest).not.toHaveProperty('dependencies')
    expect(Object.keys(manifest.peerDependencies)).toEqual(['react'])
  })
})
