import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { findFreePort, startProgram } from './program'

const folderOfExample = join(import.meta.dirname, '../../examples/nginx')

/** What a line of the configuration becomes for a test. */
export type Changes = Readonly<Record<string, string>>

export interface Nginx {
  readonly port: number
  readonly roomUrl: string
}

/** Starts nginx with the configuration of the example, in front of these ports, until the test ends. */
export async function startNginx(
  executable: string,
  nodePorts: readonly [number, number],
  changes: Changes = {},
): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'wirehook-nginx-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const port = await findFreePort()
  const configuration = await readExample('nginx.conf', {
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
  return { port, roomUrl: `ws://127.0.0.1:${port}/chat/lobby` }
}

/** A file of the example with changes, each of which has to fit. */
export async function readExample(name: string, changes: Changes): Promise<string> {
  let text = await readFile(join(folderOfExample, name), 'utf8')
  for (const [line, changed] of Object.entries(changes)) {
    if (!text.includes(line)) throw new Error(`There is no "${line}" in ${name} any more.`)
    text = text.replace(line, changed)
  }
  return text
}

/** Where else than in folders of the system nginx keeps what does not fit into memory. */
function temporaryPaths(folder: string): string {
  const uses = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return uses.map((use) => `${use}_temp_path ${folder}/${use};`).join(' ')
}
