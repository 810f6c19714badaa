import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort, startProgram } from './program'
import { createFolder, proxyAt, readExample, type StartProxy } from './proxy'

/** Starts HAProxy with the configuration of the example. */
export function startHaproxy(executable: string): StartProxy {
  return async (nodePorts, changes) => {
    const folder = await createFolder()
    const port = await findFreePort()
    const configuration = await readExample('haproxy/haproxy.cfg', {
      'bind :80': `bind 127.0.0.1:${port}`,
      'server first 127.0.0.1:8080': `server first 127.0.0.1:${nodePorts[0]}`,
      'server second 127.0.0.1:8081': `server second 127.0.0.1:${nodePorts[1]}`,
      ...changes,
    })
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, configuration)
    await startProgram([executable, '-db', '-V', '-f', file], { readySign: /Using epoll/ })
    return proxyAt(port)
  }
}
