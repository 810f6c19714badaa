import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { bench, root } from './paths.mjs'

/** Where it was measured. */
export function describeMachine() {
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    // Without what a provider has put behind it.
    system: `${type()} ${release().split('-')[0]}`,
  }
}

/**
 * What was measured.
 *
 * @param {string} chromium
 */
export function describeVersions(chromium) {
  const { version } = readPackage(root)
  const { devDependencies: peers } = readPackage(bench)
  /** @param {string} name */
  const installed = (name) => readPackage(join(root, 'node_modules', name)).version
  return {
    wirehook: version,
    ...peers,
    chromium: chromium.replace(/^.*\//, ''),
    node: process.versions.node,
    react: installed('react'),
    'react-dom': installed('react-dom'),
    vite: installed('vite'),
    ws: installed('ws'),
  }
}

/** @param {string} folder */
function readPackage(folder) {
  return /** @type {{ version: string, devDependencies: Record<string, string> }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  )
}
