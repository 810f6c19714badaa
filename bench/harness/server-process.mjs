import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { built } from './paths.mjs'

/** Starts the server in a process of its own. */
export async function startServer() {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [built])
  const [{ port }] = /** @type {[{ port: number }]} */ (await once(child, 'message'))
  return {
    /**
     * @param {string} page
     * @param {Record<string, string | number>} parameters
     */
    addressOf(page, parameters) {
      const query = new URLSearchParams(
        Object.entries(parameters).map(([name, value]) => [name, String(value)]),
      )
      return `http://127.0.0.1:${port}/${page}.html?${query}`
    },
    stop: () => child.disconnect(),
  }
}
