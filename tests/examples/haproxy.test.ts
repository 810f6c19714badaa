import { describe, expect, it } from 'vitest'
import { findHaproxy } from '../../scripts/services.mjs'
import { findFreePort } from '../rig/free-port'
import { refusedStatus } from './chat-clients'
import { startHaproxy } from './haproxy'
import { neededProgram } from './needed-program'
import { startCounters, writeCertificate, type Certificate, type Changes } from './proxy'
import {
  itCutsIdleSockets,
  itLimitsAddresses,
  itServesWss,
  itStandsBetweenClientsAndNodes,
} from './proxy-contract'

const executable = neededProgram('haproxy', findHaproxy())

describe.skipIf(executable === undefined)('the HAProxy configuration', () => {
  const start = startHaproxy(executable ?? '')

  itStandsBetweenClientsAndNodes(start)
  itCutsIdleSockets(start, { 'timeout tunnel 60s': 'timeout tunnel 1s' })
  itLimitsAddresses(start, {
    atOnce: { 'sc0_conn_cur gt 50': 'sc0_conn_cur gt 2' },
    inARow: { 'sc0_http_req_rate gt 100': 'sc0_http_req_rate gt 2' },
  })
  itServesWss(start, secure)

  it('serves nothing in clear with the lines for wss', async () => {
    const changes = secure(await findFreePort(), await writeCertificate())
    const { proxy } = await startCounters(start, changes)
    expect(await refusedStatus(proxy.roomUrl)).toBe(302)
  })
})

function secure(port: number, { files }: Certificate): Changes {
  return {
    '# bind :443': `bind 127.0.0.1:${port}`,
    '/etc/haproxy/certificate-and-key.pem': files.both,
    '# http-request redirect': 'http-request redirect',
  }
}
