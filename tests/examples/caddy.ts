import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '../rig/free-port'
import { createTemporaryFolder } from '../rig/temporary-folder'
import { startProgram } from './program'
import { proxyAt, readExample, type Proxy, type StartProxy } from './proxy'

/** Caddy with the configuration of the example, and a way to have it read another one. */
export interface Caddy extends Proxy {
  readonly load: (configuration: string) => Promise<Response>
  readonly configuration: string
}

/** Starts Caddy with the configuration of the example. */
export function startCaddy(executable: string): StartProxy<Caddy> {
  return async (nodePorts, changes) => {
    const folder = await createTemporaryFolder()
    const [port, adminPort] = [await findFreePort(), await findFreePort()]
    const example = await readExample('caddy/Caddyfile', {
      '\n:80 {': `\nhttp://127.0.0.1:${port} {`,
      '127.0.0.1:8080': `127.0.0.1:${nodePorts[0]}`,
      '127.0.0.1:8081': `127.0.0.1:${nodePorts[1]}`,
      ...changes,
    })
    // Options for all of Caddy come first; without the last one it needs port 80.
    const options = `admin 127.0.0.1:${adminPort}\n auto_https disable_redirects`
    const configuration = `{\n ${options}\n}\n${example}`
    const file = join(folder, 'Caddyfile')
    await writeFile(file, configuration)
    await startProgram([executable, 'run', '--adapter', 'caddyfile', '--config', file], {
      environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      readySign: /serving initial configuration/,
    })
    const load = (changed: string) =>
      fetch(`http://127.0.0.1:${adminPort}/load`, {
        method: 'POST',
        headers: { 'content-type': 'text/caddyfile' },
        body: changed,
      })
    return { ...proxyAt(port), load, configuration }
  }
}
