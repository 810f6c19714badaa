import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findOnPath, findOrInstall } from './debian-packages.mjs'

/** Redis, for the server of examples/node-server that has more than one node; installs nothing. */
export function findRedis() {
  return findOnPath('redis-server')
}

/** nginx, for examples/nginx; installs nothing. */
export function findNginx() {
  return findSystemProgram('nginx')
}

/** Caddy, for examples/caddy; installs nothing. */
export function findCaddy() {
  return findOnPath('caddy')
}

/** HAProxy, for examples/haproxy; installs nothing. */
export function findHaproxy() {
  return findSystemProgram('haproxy')
}

/** A Python that has the package websockets, for examples/python-server; installs nothing. */
export function findPython() {
  // Debian's package is for Debian's own Python, which need not be the first on the path.
  return [findOnPath('python3'), '/usr/bin/python3'].find(
    (python) => python && spawnSync(python, ['-c', 'import websockets']).status === 0,
  )
}

/**
 * Debian has some programs where only root looks.
 *
 * @param {string} name
 */
function findSystemProgram(name) {
  return findOnPath(name) ?? [`/usr/sbin/${name}`].find((path) => existsSync(path))
}

const isRunDirectly = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunDirectly) {
  findOrInstall('Redis', findRedis, ['redis-server'])
  findOrInstall('nginx', findNginx, ['nginx-light'])
  findOrInstall('Caddy', findCaddy, ['caddy'])
  findOrInstall('HAProxy', findHaproxy, ['haproxy'])
  findOrInstall('Python with websockets', findPython, ['python3-websockets'])
}
