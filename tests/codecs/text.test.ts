import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { text } from '../../src/codecs/text'
import { recordConnection } from '../core/recorded-connection'

const noLimit = Infinity

it('hands text on as it is, in both directions', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      expect(text().encode(any)).toBe(any)
      expect(text().decode(any, noLimit)).toBe(any)
    }),
  )
})

it.each([undefined, null, 7, { a: 1 }, ['text'], new Uint8Array(1), new ArrayBuffer(1)])(
  'takes no %o',
  (value) => {
    expect(() => text().encode(value)).toThrow(TypeError)
    expect(() => text().decode(value, noLimit)).toThrow(TypeError)
  },
)

it('sends and receives text that is no JSON', async () => {
  const { connection, messages, open } = recordConnection({ codec: text() })
  const socket = await open()
  expect(connection.sendJSON('GET /')).toBe('sent')
  socket.receiveFrame('{half')
  expect(socket.sent).toEqual(['GET /'])
  expect(messages).toEqual(['{half'])
})

it('refuses to send a value that is no text, before it takes a place in the queue', () => {
  const { connection } = recordConnection({ codec: text() })
  expect(() => connection.sendJSON({ a: 1 })).toThrow(
    expect.objectContaining({ code: 'encode-failed' }),
  )
  expect(connection.getSnapshot().queued).toBe(0)
})

it('makes a binary frame a malformed message, and the next is read as ever', async () => {
  const codec = text()
  const { connection, environment, errors, messages, open } = recordConnection({
    codec,
    onInvalid: () => {},
  })
  const socket = await open()
  socket.receiveFrame(new ArrayBuffer(2))
  socket.receiveFrame('text')
  expect(errors).toMatchObject([{ code: 'malformed-message' }])
  expect(messages).toEqual(['text'])
  await environment.advance(0)
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
})
