import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { vi } from 'vitest'
import { findFreePort } from '../rig/free-port'
import { createTemporaryFolder } from '../rig/temporary-folder'
import { startProgram } from './program'
import { proxyAt, readExample, type StartProxy } from './proxy'

/** Starts HAProxy with the configuration of the example. */
export function startHaproxy(executable: string): StartProxy {
  return async (nodePorts, changes) => {
    const folder = await createTemporaryFolder()
    const port = await findFreePort()
    const configuration = await readExample('haproxy/haproxy.cfg', {
      'bind :80': `bind 127.0.0.1:${port}`,
      'server first 127.0.0.1:8080': `server first 127.0.0.1:${nodePorts[0]}`,
      'server second 127.0.0.1:8081': `server second 127.0.0.1:${nodePorts[1]}`,
      ...changes,
    })
    // It says nothing once it listens, and whoever tries the real port is counted by its limits.
    const readyPort = await findFreePort()
    const ready = `frontend ready\n  bind 127.0.0.1:${readyPort}\n`
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, `${configuration}\n${ready}`)
    await startProgram([executable, '-db', '-V', '-f', file], { readySign: /Using epoll/ })
    await vi.waitFor(() => reach(readyPort), { timeout: 4000, interval: 10 })
    return proxyAt(port)
  }
}

/** Connects and leaves again. */
async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}
