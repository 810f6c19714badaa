import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { binary } from '../../src/codecs/binary'
import { recordConnection } from '../core/recorded-connection'

const noLimit = Infinity

it('gives the bytes of a frame as a Uint8Array', () => {
  const { buffer } = Uint8Array.of(1, 2, 255)
  expect(binary().decode(buffer, noLimit)).toEqual(Uint8Array.of(1, 2, 255))
})

it('gives a Blob as it is', () => {
  const blob = new Blob(['bytes'])
  expect(binary().decode(blob, noLimit)).toBe(blob)
})

it('takes no text, in neither direction', () => {
  expect(() => binary().encode('text')).toThrow(TypeError)
  expect(() => binary().decode('text', noLimit)).toThrow(TypeError)
})

it('gives back all bytes', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const frame = binary().encode(bytes) as Uint8Array
      expect(binary().decode(frame.slice().buffer, noLimit)).toEqual(bytes)
    }),
  )
})

it.each([
  ['an ArrayBuffer', Uint8Array.of(7, 8).buffer, Uint8Array.of(7, 8).buffer],
  ['a part of one', Uint8Array.of(1, 7, 8, 2).subarray(1, 3), Uint8Array.of(7, 8)],
])('sends %s', async (_name, value, frame) => {
  const { connection, open } = recordConnection({ codec: binary() })
  const socket = await open()
  expect(connection.sendJSON(value)).toBe('sent')
  expect(socket.sent).toEqual([frame])
})

it('sends a Blob', async () => {
  const { connection, open } = recordConnection({ codec: binary() })
  const socket = await open()
  const blob = new Blob(['bytes'])
  connection.sendJSON(blob)
  expect(socket.sent).toEqual([blob])
})

it('sends bytes as they were, also if they have to wait', async () => {
  const { connection, open } = recordConnection({ codec: binary() })
  const bytes = Uint8Array.of(1, 2)
  connection.sendJSON(bytes)
  bytes.fill(9)
  expect((await open()).sent).toEqual([Uint8Array.of(1, 2)])
})

it.each([{ a: 1 }, 'text', 7, null, undefined, [1, 2]])(
  'refuses to send %o, before it takes a place in the queue',
  (value) => {
    const { connection } = recordConnection({ codec: binary() })
    expect(() => connection.sendJSON(value)).toThrow(
      expect.objectContaining({ code: 'encode-failed' }),
    )
    expect(connection.getSnapshot().queued).toBe(0)
  },
)

it('makes a text frame a malformed message, and the next is read as ever', async () => {
  const codec = binary()
  const { connection, environment, errors, messages, open } = recordConnection({
    codec,
    onInvalid: () => {},
  })
  const socket = await open()
  socket.receiveFrame('text')
  socket.receiveFrame(Uint8Array.of(1).buffer)
  expect(errors).toMatchObject([{ code: 'malformed-message' }])
  expect(messages).toEqual([Uint8Array.of(1)])
  await environment.advance(0)
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
})
