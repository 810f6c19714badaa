import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { createCertificate } from '../e2e/certificates'
import { createTemporaryFolder } from '../rig/temporary-folder'

const examples = join(import.meta.dirname, '../../examples')

/** What a line of a configuration becomes for a test. */
export type Changes = Readonly<Record<string, string>>

/** A program between clients and two nodes. */
export interface Proxy {
  readonly port: number
  readonly roomUrl: string
}

/** Starts a proxy in front of these ports, until the test ends. */
export type StartProxy<Started extends Proxy = Proxy> = (
  nodePorts: readonly [number, number],
  changes?: Changes,
) => Promise<Started>

/** A file of the examples with changes, each of which has to fit. */
export async function readExample(path: string, changes: Changes): Promise<string> {
  let text = await readFile(join(examples, path), 'utf8')
  for (const [line, changed] of Object.entries(changes)) {
    if (!text.includes(line)) throw new Error(`There is no "${line}" in ${path} any more.`)
    text = text.replace(line, changed)
  }
  return text
}

export function proxyAt(port: number): Proxy {
  return { port, roomUrl: `ws://127.0.0.1:${port}/chat/lobby` }
}

/** A node that only counts who is there, and remembers what it was asked. */
async function startCounter() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const requests: IncomingHttpHeaders[] = []
  server.on('connection', (_, { headers }) => requests.push(headers))
  const end = () =>
    new Promise<void>((resolve) => {
      server.clients.forEach((socket) => socket.terminate())
      server.close(() => resolve())
    })
  onTestFinished(end)
  return { port: (server.address() as AddressInfo).port, clients: server.clients, requests, end }
}

/** A proxy in front of two nodes that count. */
export async function startCounters(startProxy: StartProxy, changes?: Changes) {
  const [first, second] = await Promise.all([startCounter(), startCounter()])
  const proxy = await startProxy([first.port, second.port], changes)
  return { first, second, proxy }
}

export type Certificate = Awaited<ReturnType<typeof writeCertificate>>

/** Files for a proxy that serves wss, and what a client needs to trust it. */
export async function writeCertificate() {
  const folder = await createTemporaryFolder()
  const anHourMs = 3_600_000
  const host = 'chat.test'
  const { cert, key } = createCertificate({
    host,
    validFrom: new Date(Date.now() - anHourMs),
    validTo: new Date(Date.now() + anHourMs),
  })
  const files = {
    certificate: join(folder, 'certificate.pem'),
    key: join(folder, 'key.pem'),
    both: join(folder, 'certificate-and-key.pem'),
  }
  await writeFile(files.certificate, cert)
  await writeFile(files.key, key)
  await writeFile(files.both, cert + key)
  return { host, files, trust: { ca: cert, servername: host, headers: { host } } }
}
