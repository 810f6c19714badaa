import { describe, expect, it } from 'vitest'
import { findHaproxy } from '../../scripts/services.mjs'
import { connectRaw, refusedStatus } from './chat-clients'
import { startHaproxy } from './haproxy'
import { neededProgram } from './needed-program'
import { startCounters } from './proxy'
import {
  itCutsIdleSockets,
  itLimitsSockets,
  itServesWss,
  itStandsBetweenClientsAndNodes,
} from './proxy-contract'

const executable = neededProgram('haproxy', findHaproxy())

describe.skipIf(executable === undefined)('the HAProxy configuration', () => {
  const start = startHaproxy(executable ?? '')

  itStandsBetweenClientsAndNodes(start)
  itCutsIdleSockets(start, { 'timeout tunnel 60s': 'timeout tunnel 1s' })
  itLimitsSockets(start, { 'sc0_conn_cur gt 50': 'sc0_conn_cur gt 2' })
  itServesWss(start, (port, { files }) => ({
    '# bind :443': `bind 127.0.0.1:${port}`,
    '/etc/haproxy/certificate-and-key.pem': files.both,
  }))

  it('limits how fast an address opens sockets', async () => {
    const { proxy } = await startCounters(start, {
      'sc0_http_req_rate gt 100': 'sc0_http_req_rate gt 2',
    })
    for (const _ of [1, 2]) await connectRaw(proxy.roomUrl)
    expect(await refusedStatus(proxy.roomUrl)).toBe(429)
  })

  it('serves nothing in clear with the line for that', async () => {
    const { proxy } = await startCounters(start, {
      '# http-request redirect': 'http-request redirect',
    })
    expect(await refusedStatus(proxy.roomUrl)).toBe(302)
  })
})
