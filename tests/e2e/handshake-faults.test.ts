import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { AttemptContext, InvalidMessage, UrlParams } from '../../src/core'
import { opcodes, writeFrame } from '../rig/network/frame-format'
import { connectTo, reached, startLiveRig, type RecordedConnection } from '../rig/live-rig'
import { startLiveServer, type HttpAnswer, type LiveServerOptions } from '../rig/live-server'
import { eventually, quietTime } from '../rig/waiting'
import { createCertificate, type Certificate } from './certificates'
import { prepareRawPage, type RawPage } from './raw-page'
import { startRawServer } from './raw-server'
import { startTlsServer } from './tls-server'
import { startUnreachableServer } from './unreachable-server'

const openPage = prepareRawPage(
  '--host-resolver-rules=MAP live.test 127.0.0.1, MAP nowhere.test ~NOTFOUND',
)

/** What an attempt that failed tells, whatever it failed of. */
const unexplained = {
  code: 1006,
  reason: '',
  wasClean: false,
  by: 'network',
  error: null,
  openForMs: null,
  at: expect.any(Number) as number,
}

const quick = { reconnect: { minDelayMs: 50, maxDelayMs: 200 } }

/** Every wait is as long as it can be. */
const longestWaits = {
  reconnect: { minDelayMs: 80, factor: 2 },
  environment: { random: () => 1 - Number.EPSILON },
}

/** Resolves once three attempts have failed; fails if they were not ever further apart. */
async function failsSlowly({ closes, opens }: RecordedConnection): Promise<void> {
  await eventually(() => closes.length >= 3, 'three attempts failed')
  expect(closes.slice(0, 3)).toEqual([unexplained, unexplained, unexplained])
  const [first = 0, second = 0, third = 0] = closes.map(({ at }) => at)
  // The clock counts whole milliseconds.
  expect(second - first).toBeGreaterThanOrEqual(79)
  expect(third - second).toBeGreaterThanOrEqual(159)
  expect(opens).toEqual([])
}

/** The same in a page, whose waits are random, but never shorter than 50 ms. */
async function failsInPage({ read, closed }: RawPage): Promise<void> {
  await closed(2)
  const [first, second] = await read('closes')
  expect([first, second]).toEqual([unexplained, unexplained])
  expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(49)
  expect(await read('statuses')).toEqual(['idle', 'connecting', 'reconnecting'])
}

async function startServer(options?: LiveServerOptions) {
  const server = await startLiveServer(options)
  onTestFinished(() => server.stop())
  return server
}

const portal = '<!doctype html><title>Welcome</title><p>Please sign in to this network.'

const answers: [tag: string, name: string, status: number, answer: HttpAnswer][] = [
  ['fault-20', '401', 401, { headers: { 'WWW-Authenticate': 'Bearer' } }],
  ['fault-21', '403', 403, { body: 'not from this origin' }],
  ['fault-22', '429 and Retry-After', 429, { headers: { 'Retry-After': '3600' } }],
  ['fault-22', '503 and Retry-After', 503, { headers: { 'Retry-After': '3600' } }],
  ['fault-24', '200 and a page', 200, { headers: { 'Content-Type': 'text/html' }, body: portal }],
]

describe.each(answers)('an upgrade that is answered', (tag, name, status, answer) => {
  const tags = [tag]

  it(`with ${name} is tried again with backoff and fresh params`, { tags }, async () => {
    const { connect, server } = await startLiveRig()
    const params = vi.fn<(context: AttemptContext) => UrlParams>(({ attempt }) => ({ attempt }))
    server.refuseUpgrades(status, answer)
    const live = connect({ params, ...longestWaits })
    await failsSlowly(live)
    expect(server.upgrades.slice(0, 3).map(({ url }) => url)).toEqual([
      '/live?attempt=0',
      '/live?attempt=1',
      '/live?attempt=2',
    ])
    expect(params.mock.calls[1]?.[0].lastClose).toEqual(live.closes[0])
    server.acceptUpgrades()
    await reached(live, 'open')
    expect(live.statuses).toEqual(['idle', 'connecting', 'reconnecting', 'open'])
  })

  it(`with ${name} tells a page nothing but 1006`, { tags }, async () => {
    const server = await startServer()
    server.refuseUpgrades(status, answer)
    const raw = await openPage(`${server.url}/live`, quick)
    await failsInPage(raw)
    server.acceptUpgrades()
    await raw.shows('open')
  })
})

describe.each([301, 302])('an upgrade that is redirected', (status) => {
  const tags = ['fault-23']

  it(`with ${status} is tried again where it was, with backoff`, { tags }, async () => {
    const elsewhere = await startServer()
    const { connect, server } = await startLiveRig()
    server.refuseUpgrades(status, { headers: { Location: `${elsewhere.url}/live` } })
    const live = connect(longestWaits)
    await failsSlowly(live)
    expect(elsewhere.upgrades).toEqual([])
    server.acceptUpgrades()
    await reached(live, 'open')
  })

  it(`with ${status} is not followed by a page`, { tags }, async () => {
    const elsewhere = await startServer()
    const server = await startServer()
    server.refuseUpgrades(status, {
      headers: { Location: `http://${elsewhere.url.slice(5)}/live` },
    })
    const raw = await openPage(`${server.url}/live`, quick)
    await failsInPage(raw)
    expect(elsewhere.upgrades).toEqual([])
    server.acceptUpgrades()
    await raw.shows('open')
  })
})

describe.each<[string, LiveServerOptions]>([
  ['none', {}],
  ['another one', { pickProtocol: () => 'foreign' }],
])('a server that is offered a subprotocol and picks', (picked, options) => {
  const tags = ['fault-25']

  it(`${picked} is tried again with backoff and never open`, { tags }, async () => {
    const { connect, server } = await startLiveRig(options)
    const live = connect({ protocols: 'chat.v1', ...longestWaits })
    await failsSlowly(live)
    expect(server.upgrades[0]).toEqual({ url: '/live', protocols: ['chat.v1'] })
    expect(live.statuses).toEqual(['idle', 'connecting', 'reconnecting'])
  })

  it(`${picked} is never open in a page`, { tags }, async () => {
    const server = await startServer(options)
    await failsInPage(await openPage(server.url, { protocols: 'chat.v1', ...quick }))
  })
})

describe('a foreign server', () => {
  const garbage = ['<!doctype html>', '220 mail ready', '{"half":', 'undefined', '']

  it(
    'that lets in and sends garbage is open, and each piece is reported',
    { tags: ['fault-26'] },
    async () => {
      const onInvalid = vi.fn<(invalid: InvalidMessage) => void>()
      const server = await startRawServer((socket) => {
        for (const text of [...garbage, '{"type":"news"}']) {
          socket.write(writeFrame({ opcode: opcodes.text, payload: Buffer.from(text) }))
        }
      })
      const live = connectTo(server.url, { onInvalid })
      await eventually(() => live.messages.length > 0, 'a message came')
      expect(live.messages).toEqual([{ type: 'news' }])
      expect(onInvalid.mock.calls.map(([{ data }]) => data)).toEqual(garbage)
      expect(live.errors.map(({ code }) => code)).toEqual(garbage.map(() => 'malformed-message'))
      await quietTime(100)
      expect(live.connection.getSnapshot()).toMatchObject({
        status: 'open',
        invalidMessages: garbage.length,
      })
      expect(server.totalConnections).toBe(1)
    },
  )
})

const dayMs = 86_400_000

function certify(host: string, firstDay: number, lastDay: number): Certificate {
  return createCertificate({
    host,
    validFrom: new Date(Date.now() + firstDay * dayMs),
    validTo: new Date(Date.now() + lastDay * dayMs),
  })
}

const sound = certify('live.test', -1, 1)

describe('a server whose certificate', () => {
  const tags = ['fault-27']
  const expired = certify('live.test', -3, -1)
  const foreign = certify('other.test', -1, 1)
  const faults: [name: string, shown: Certificate, trusted: string | undefined, cause: string][] = [
    ['has signed itself', sound, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has expired', expired, expired.cert, 'CERT_HAS_EXPIRED'],
    ['is for another name', foreign, foreign.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ]

  /** Dials as `live.test`, and writes down why that fails. */
  function dialSecurely(trusted: string | undefined, problems: unknown[] = []) {
    const options = { servername: 'live.test', ...(trusted !== undefined && { ca: trusted }) }
    return (url: string, protocols: string[]): WebSocket => {
      const socket = new WebSocket(url, protocols, options)
      socket.on('error', (error: NodeJS.ErrnoException) => problems.push(error.code))
      return socket
    }
  }

  it.each(faults)(
    '%s is tried again with backoff',
    { tags },
    async (_name, shown, trusted, cause) => {
      const { port } = await startTlsServer(shown)
      const problems: unknown[] = []
      const { reconnect, environment } = longestWaits
      const live = connectTo(`wss://127.0.0.1:${port}`, {
        reconnect,
        environment: { ...environment, createSocket: dialSecurely(trusted, problems) },
      })
      await failsSlowly(live)
      expect(problems.slice(0, 3)).toEqual([cause, cause, cause])
    },
  )

  it('is sound opens', { tags }, async () => {
    const { port } = await startTlsServer(sound)
    const live = connectTo(`wss://127.0.0.1:${port}`, {
      environment: { createSocket: dialSecurely(sound.cert) },
    })
    await reached(live, 'open')
  })

  // Nobody here is trusted by the browser, so that each of them is refused as self-signed at least.
  it.each(faults)('%s tells a page nothing but 1006', { tags }, async (_name, shown) => {
    const { port } = await startTlsServer(shown)
    const raw = await openPage(`wss://live.test:${port}/`, quick)
    await failsInPage(raw)
    expect(raw.page.problems[0]).toContain('net::ERR_CERT_')
  })
})

describe('a name that is not found', () => {
  it('tells a page nothing but 1006, and is tried again', { tags: ['fault-18'] }, async () => {
    const raw = await openPage('ws://nowhere.test/', quick)
    await failsInPage(raw)
    expect(raw.page.problems[0]).toContain('net::ERR_NAME_NOT_RESOLVED')
  })
})

describe('a handshake', () => {
  it.runIf(process.platform === 'linux')(
    'whose packets vanish is given up in time, and tried until they get through',
    { tags: ['fault-17'] },
    async () => {
      const server = await startUnreachableServer()
      const live = connectTo(server.url, { connectTimeoutMs: 150, reconnect: { maxDelayMs: 200 } })
      await eventually(() => live.closes.length >= 2, 'two attempts failed')
      expect(live.closes[0]).toMatchObject({
        code: null,
        by: 'client',
        openForMs: null,
        error: { code: 'connect-timeout' },
      })
      expect(live.opens).toEqual([])
      server.letThrough()
      await reached(live, 'open')
    },
  )

  it('that drips in byte by byte is given up in time', { tags: ['fault-11'] }, async () => {
    const { connect, proxy, server } = await startLiveRig()
    proxy.drip(1, 50, 'down')
    const live = connect({ connectTimeoutMs: 300 })
    await eventually(() => live.closes.length >= 2, 'two attempts failed')
    expect(live.errors.map(({ code }) => code).slice(0, 2)).toEqual([
      'connect-timeout',
      'connect-timeout',
    ])
    expect(server.totalConnections).toBeGreaterThan(0)
    proxy.heal()
    await reached(live, 'open')
  })
})
