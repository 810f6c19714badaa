import { decode, encode } from '@msgpack/msgpack'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createConnection, type Codec } from 'wirehook/core'
import { recordConnection } from '../core/recorded-connection'
import { createFakeEnvironment } from '../fake-environment'

/** As an app writes it; text frames are taken for JSON. */
const messagePack: Codec = {
  encode: (value) => encode(value),
  decode: (data) =>
    data instanceof ArrayBuffer ? decode(data) : (JSON.parse(data as string) as unknown),
}

function toFrame(value: unknown): ArrayBuffer {
  return encode(value).slice().buffer
}

it('sends MessagePack and reads it', async () => {
  const { connection, messages, open } = recordConnection({ codec: messagePack })
  const socket = await open()
  expect(connection.sendJSON({ type: 'tick', at: 1.5 })).toBe('sent')
  expect(decode(socket.sent[0] as Uint8Array)).toEqual({ type: 'tick', at: 1.5 })
  socket.receiveFrame(toFrame({ type: 'tock', bytes: Uint8Array.of(1, 2) }))
  expect(messages).toEqual([{ type: 'tock', bytes: Uint8Array.of(1, 2) }])
})

it('reads JSON from a server that mixes both', async () => {
  const { messages, open } = recordConnection({ codec: messagePack })
  const socket = await open()
  socket.receive({ type: 'hello' })
  socket.receiveFrame(toFrame({ type: 'tock' }))
  expect(messages).toEqual([{ type: 'hello' }, { type: 'tock' }])
})

it('sends what waits in the queue as it was', async () => {
  const { connection, open } = recordConnection({ codec: messagePack })
  const value = { n: 1 }
  connection.sendJSON(value)
  value.n = 2
  connection.sendJSON(value)
  const { sent } = await open()
  expect(sent.map((frame) => decode(frame as Uint8Array))).toEqual([{ n: 1 }, { n: 2 }])
})

it.each([
  ['cut short', toFrame({ text: 'long enough' }).slice(0, 5)],
  ['empty', new ArrayBuffer(0)],
  ['of a type that does not exist', Uint8Array.of(0xc1).buffer],
])('makes a frame that is %s a malformed message', async (_how, frame) => {
  const { connection, environment, errors, messages, open } = recordConnection({
    codec: messagePack,
    onInvalid: () => {},
  })
  const socket = await open()
  socket.receiveFrame(frame)
  socket.receiveFrame(toFrame('fine'))
  expect(errors).toMatchObject([{ code: 'malformed-message' }])
  expect(messages).toEqual(['fine'])
  await environment.advance(0)
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
})

it('carries pings, requests and their answers', async () => {
  const environment = createFakeEnvironment()
  const heartbeat = { intervalMs: 100 }
  const connection = createConnection('wss://a.example/', {
    environment,
    heartbeat,
    codec: messagePack,
  })
  connection.lease()
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  const reply = connection.request({ op: 'balance' })
  const { id } = decode(socket.sent[0] as Uint8Array) as { id: string }
  socket.receiveFrame(toFrame({ id, amount: 5 }))
  expect(await reply).toEqual({ id, amount: 5 })
  await environment.advance(100)
  expect(decode(socket.sent[1] as Uint8Array)).toEqual({ type: 'ping' })
})

it('gives back every value that JSON can hold', { timeout: 60_000 }, async () => {
  const { messages, open } = recordConnection({ codec: messagePack })
  const socket = await open()
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      socket.receiveFrame(toFrame(value))
      expect(JSON.stringify(messages.pop())).toBe(JSON.stringify(value))
    }),
  )
})
