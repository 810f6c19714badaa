import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findNginx } from '../../scripts/services.mjs'
import { connectRaw, refusedStatus } from './chat-clients'
import { neededProgram } from './needed-program'
import { startNginx } from './nginx'
import { findFreePort } from './program'
import { createFolder, readExample, startCounters } from './proxy'
import {
  itCutsIdleSockets,
  itLimitsSockets,
  itServesWss,
  itStandsBetweenClientsAndNodes,
} from './proxy-contract'

const executable = neededProgram('nginx', findNginx())

describe.skipIf(executable === undefined)('the nginx configuration', () => {
  const start = startNginx(executable ?? '')

  itStandsBetweenClientsAndNodes(start)
  itCutsIdleSockets(start, { 'proxy_read_timeout 60s;': 'proxy_read_timeout 1s;' })
  itLimitsSockets(start, { 'limit_conn sockets 50;': 'limit_conn sockets 2;' })

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

  it('limits how fast an address opens sockets', async () => {
    const { proxy } = await startCounters(start, {
      'rate=5r/s;': 'rate=1r/m;',
      'burst=50': 'burst=1',
    })
    for (const _ of [1, 2]) await connectRaw(proxy.roomUrl)
    expect(await refusedStatus(proxy.roomUrl)).toBe(429)
  })

  itServesWss(start, async (port, { files }) => {
    const file = join(await createFolder(), 'tls.conf')
    await writeFile(
      file,
      await readExample('nginx/tls.conf', {
        'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
        '/etc/nginx/certificate.pem': files.certificate,
        '/etc/nginx/certificate-key.pem': files.key,
      }),
    )
    return { 'listen 80;': '', '# include tls.conf;': `include ${file};` }
  })

  it('serves nothing in clear with the block for that', async () => {
    const [redirect = ''] = /server {.+}/.exec(await readExample('nginx/tls.conf', {})) ?? []
    const port = await findFreePort()
    await startCounters(start, {
      'upstream chat {': `${redirect.replace('80', `127.0.0.1:${port}`)} upstream chat {`,
    })
    expect(await refusedStatus(`ws://127.0.0.1:${port}/chat/lobby`)).toBe(301)
  })
})
