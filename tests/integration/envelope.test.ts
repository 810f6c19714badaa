import { createHmac } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { envelope } from '../../src/codecs'
import { reached, startLiveRig } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'

const secret = 'a secret for tests'
const signed = { codec: envelope({ sign: secret, compress: true }) }

/** Short ones and long ones by turns, so that some are compressed. */
const messages = Array.from({ length: 200 }, (_, n) => ({
  type: 'entry',
  n,
  text: 'on and on '.repeat(n % 3 ? 1 : n),
}))

function sign(text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64')
}

/** As a server makes a frame. */
function seal(value: unknown): string | Buffer {
  const d = JSON.stringify(value)
  const frame = JSON.stringify({ v: 1, s: sign(`1.${d}`), d })
  return frame.length < 500 ? frame : gzipSync(frame)
}

/** As a server reads a frame. */
function unseal(received: unknown): unknown {
  const { v, s, d } = (
    Buffer.isBuffer(received) ? JSON.parse(gunzipSync(received).toString()) : received
  ) as { v: number; s: string; d: string }
  expect([v, s]).toEqual([1, sign(`1.${d}`)])
  return JSON.parse(d)
}

describe('an envelope that is signed and, if large, compressed', () => {
  it('carries 200 messages to the server in order', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect(signed)
    messages.slice(0, 100).forEach((message) => live.connection.sendJSON(message))
    await reached(live, 'open')
    messages.slice(100).forEach((message) => live.connection.sendJSON(message))
    await eventually(() => server.received.length === 200, 'all have arrived')
    expect(server.received.map(unseal)).toEqual(messages)
    expect(server.received.filter(Buffer.isBuffer).length).toBeGreaterThan(20)
    expect(live.errors).toEqual([])
  })

  it('carries 200 messages from the server in order', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect(signed)
    await reached(live, 'open')
    messages.forEach((message) => server.broadcast(seal(message)))
    await eventually(() => live.messages.length === 200, 'all have come')
    expect(live.messages).toEqual(messages)
    expect(live.errors).toEqual([])
  })

  it('makes the round trip over a slow link', async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect({ codec: envelope({ sign: secret, compress: { minBytes: 0 } }) })
    await reached(live, 'open')
    proxy.delay(20)
    proxy.throttle(100_000)
    messages.forEach((message) => live.connection.sendJSON(message))
    await eventually(() => live.messages.length === 200, 'all came back')
    expect(live.messages).toEqual(messages)
  })

  it('keeps what waits while the link is down, and its order', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect(signed)
    await reached(live, 'open')
    proxy.reset()
    await reached(live, 'reconnecting')
    messages.forEach((message) => live.connection.sendJSON(message))
    await eventually(() => server.received.length === 200, 'all have arrived')
    expect(server.received.map(unseal)).toEqual(messages)
  })

  it('that is forged is refused, and the socket stays', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ ...signed, onInvalid: () => {} })
    await reached(live, 'open')
    server.broadcastJSON({ v: 1, s: sign('1."honest"'), d: '"forged"' })
    server.broadcast(gzipSync(JSON.stringify({ v: 1, d: '"not signed"' })))
    server.broadcast(seal('honest'))
    await eventually(() => live.messages.length > 0, 'a message came')
    expect(live.messages).toEqual(['honest'])
    expect(live.errors.map(({ code }) => code)).toEqual(['malformed-message', 'malformed-message'])
    expect(live.sockets).toHaveLength(1)
  })
})

/** Takes longer than a close needs to arrive. */
const slow = {
  codec: {
    encode: JSON.stringify,
    async decode(data: unknown): Promise<unknown> {
      await quietTime(50)
      return JSON.parse(data as string)
    },
  },
}

describe('messages that take time to be read', () => {
  it.each([1000, 1011, 4403])(
    'are all told before the close with %d that came after them',
    async (code) => {
      const { connect, server } = await startLiveRig()
      const live = connect(slow)
      await reached(live, 'open')
      const told: unknown[] = []
      live.connection.on('message', (message) => told.push(message))
      live.connection.on('close', () => told.push('closed'))
      messages.forEach((message) => server.broadcastJSON(message))
      server.closeAll(code)
      await eventually(() => told.includes('closed'), 'it closed')
      expect(told).toEqual([...messages, 'closed'])
      expect(live.closes[0]).toMatchObject({ code, by: 'server', wasClean: true })
    },
  )

  it('leave the status open until they are told', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect(slow)
    await reached(live, 'open')
    const statuses = new Set<string>()
    live.connection.on('message', () => statuses.add(live.connection.getSnapshot().status))
    messages.forEach((message) => server.broadcastJSON(message))
    server.closeAll(1000)
    await eventually(() => live.closes.length > 0, 'it closed')
    expect([...statuses]).toEqual(['open'])
    expect(live.messages).toHaveLength(200)
  })
})
