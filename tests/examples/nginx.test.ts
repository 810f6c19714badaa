import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findNginx } from '../../scripts/services.mjs'
import { findFreePort } from '../rig/free-port'
import { createTemporaryFolder } from '../rig/temporary-folder'
import { connectRaw, refusedStatus } from './chat-clients'
import { neededProgram } from './needed-program'
import { startNginx } from './nginx'
import {
  readExample,
  startCounters,
  writeCertificate,
  type Certificate,
  type Changes,
} from './proxy'
import {
  itCutsIdleSockets,
  itLimitsAddresses,
  itServesWss,
  itStandsBetweenClientsAndNodes,
} from './proxy-contract'

const executable = neededProgram('nginx', findNginx())

describe.skipIf(executable === undefined)('the nginx configuration', () => {
  const start = startNginx(executable ?? '')

  itStandsBetweenClientsAndNodes(start)
  itCutsIdleSockets(start, { 'proxy_read_timeout 60s;': 'proxy_read_timeout 1s;' })
  itLimitsAddresses(start, {
    atOnce: { 'limit_conn sockets 50;': 'limit_conn sockets 2;' },
    inARow: { 'rate=5r/s;': 'rate=1r/m;', 'burst=50': 'burst=1' },
  })
  itServesWss(start, secure)

  it('believes a proxy in front of it that it is told to believe, also where it counts', async () => {
    const { first, second, proxy } = await startCounters(start, {
      '# set_real_ip_from 10.0.0.0/8; ': 'set_real_ip_from 127.0.0.1; ',
      'limit_conn sockets 50;': 'limit_conn sockets 1;',
    })
    const clients = ['203.0.113.7', '203.0.113.8']
    for (const client of clients) {
      await connectRaw(proxy.roomUrl, { headers: { 'X-Forwarded-For': client } })
    }
    const told = [...first.requests, ...second.requests].map(
      (headers) => headers['x-forwarded-for'],
    )
    expect(new Set(told)).toEqual(new Set(clients))
  })

  it('serves nothing in clear with the block for that', async () => {
    const [redirect = ''] = /server {.+}/.exec(await readExample('nginx/tls.conf', {})) ?? []
    const port = await findFreePort()
    await startCounters(start, {
      ...(await secure(await findFreePort(), await writeCertificate())),
      'upstream chat {': `${redirect.replace('80', `127.0.0.1:${port}`)} upstream chat {`,
    })
    expect(await refusedStatus(`ws://127.0.0.1:${port}/chat/lobby`)).toBe(301)
  })
})

/** The lines for wss in place of those for a chat in clear. */
async function secure(port: number, { files }: Certificate): Promise<Changes> {
  const file = join(await createTemporaryFolder(), 'tls.conf')
  await writeFile(
    file,
    await readExample('nginx/tls.conf', {
      'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
      '/etc/nginx/certificate.pem': files.certificate,
      '/etc/nginx/certificate-key.pem': files.key,
    }),
  )
  return { 'listen 80;': '', '# include tls.conf;': `include ${file};` }
}
