import { describe, expect, it } from 'vitest'
import { findCaddy } from '../../scripts/services.mjs'
import { openedTimes } from '../rig/live-rig'
import { hears, joinedChat, say } from './chat-clients'
import { startNodeServer } from './chat-server'
import { startCaddy } from './caddy'
import { neededProgram } from './needed-program'
import { itServesWss, itStandsBetweenClientsAndNodes } from './proxy-contract'

const executable = neededProgram('caddy', findCaddy())

describe.skipIf(executable === undefined)('the Caddy configuration', () => {
  const start = startCaddy(executable ?? '')

  itStandsBetweenClientsAndNodes(start)
  itServesWss(start, (port, { host, files }) => ({
    '\n:80 {': `\nhttps://${host}:${port} {\nbind 127.0.0.1\ntls ${files.certificate} ${files.key}`,
  }))

  it('ends all sockets with 1001 when another one is loaded, and they come back', async () => {
    const node = await startNodeServer()
    const { roomUrl, load, configuration } = await start([node.port, node.port])
    const ada = await joinedChat(roomUrl, { user: 'ada' })
    expect((await load(configuration.replace('5s', '6s'))).status).toBe(200)
    await openedTimes(ada, 2)
    expect(ada.closes).toMatchObject([{ code: 1001, by: 'server' }])
    ada.connection.sendJSON(say('back'))
    await hears(ada, 'ada: back')
  })
})
