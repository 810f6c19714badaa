import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '../rig/free-port'
import { createTemporaryFolder } from '../rig/temporary-folder'
import { startProgram } from './program'
import { proxyAt, readExample, type StartProxy } from './proxy'

/** Starts nginx with the configuration of the example. */
export function startNginx(executable: string): StartProxy {
  return async (nodePorts, changes) => {
    const folder = await createTemporaryFolder()
    const port = await findFreePort()
    const configuration = await readExample('nginx/nginx.conf', {
      'listen 80;': `listen 127.0.0.1:${port};`,
      'server 127.0.0.1:8080;': `server 127.0.0.1:${nodePorts[0]};`,
      'server 127.0.0.1:8081;': `server 127.0.0.1:${nodePorts[1]};`,
      'http {': `http { access_log off; ${temporaryPaths(folder)}`,
      ...changes,
    })
    const file = join(folder, 'nginx.conf')
    await writeFile(file, configuration)
    const directives = `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;`
    await startProgram([executable, '-c', file, '-p', folder, '-e', 'stderr', '-g', directives], {
      readySign: /start worker process|using the "epoll"/,
    })
    return proxyAt(port)
  }
}

/** Where else than in folders of the system nginx keeps what does not fit into memory. */
function temporaryPaths(folder: string): string {
  const uses = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return uses.map((use) => `${use}_temp_path ${folder}/${use};`).join(' ')
}
