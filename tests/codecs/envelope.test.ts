import { createHmac } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGzip, gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { envelope, type EnvelopeOptions } from '../../src/codecs/envelope'
import type { SigningKey } from '../../src/codecs/signature'
import { text } from '../../src/codecs/text'
import { byId } from '../../src/core/request-conventions'
import { recordConnection } from '../core/recorded-connection'

const noLimit = Infinity
const secret = 'a secret for tests'

interface Envelope {
  readonly v: number
  readonly s?: string
  readonly d: string
}

/** HMAC-SHA-256 as another implementation makes it. */
function sign(signed: string, key: string | Uint8Array = secret): string {
  return createHmac('sha256', key).update(signed).digest('base64')
}

/** A signed frame as a server sends it. */
function seal(value: unknown, { v = 1, s = '' } = {}): string {
  const d = JSON.stringify(value)
  return JSON.stringify({ v, s: s || sign(`${v}.${d}`), d })
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function zip(frame: string | Uint8Array): ArrayBuffer {
  return toBuffer(gzipSync(frame))
}

function unzip(frame: unknown): string {
  return gunzipSync(frame as ArrayBuffer).toString()
}

function encode(options: EnvelopeOptions, value: unknown): Promise<unknown> {
  return Promise.resolve(envelope(options).encode(value))
}

function decode(options: EnvelopeOptions, frame: unknown, maxBytes = noLimit): Promise<unknown> {
  return Promise.resolve(envelope(options).decode(frame, maxBytes))
}

async function encodeText(options: EnvelopeOptions, value: unknown): Promise<Envelope> {
  return JSON.parse((await encode(options, value)) as string) as Envelope
}

const cryptoKey = await crypto.subtle.importKey(
  'raw',
  new TextEncoder().encode(secret),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['sign', 'verify'],
)

/** The world of a page that is neither on https: nor on localhost. */
function leaveSecureContext(): void {
  vi.stubGlobal('crypto', { getRandomValues: () => {} })
  vi.stubGlobal('CryptoKey', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
}

describe('the frame', () => {
  it('has a version and the payload as text', async () => {
    expect(await encode({}, { a: 1 })).toBe('{"v":1,"d":"{\\"a\\":1}"}')
    expect(await encode({ version: 7 }, null)).toBe('{"v":7,"d":"null"}')
  })

  it('is read into the payload', async () => {
    expect(await decode({}, '{"v":1,"d":"{\\"a\\":1}"}')).toEqual({ a: 1 })
    expect(await decode({ version: 7 }, '{"d":"null","v":7,"more":true}')).toBeNull()
  })

  it.each([
    ['{"v":2,"d":"1"}', 'Version 2'],
    ['{"v":1.5,"d":"1"}', 'Version 1.5'],
    ['{"v":"1","d":"1"}', 'no envelope'],
  ])('of another version, %s, is refused', async (frame, why) => {
    await expect(decode({}, frame)).rejects.toThrow(why)
  })

  it.each([
    '',
    '{',
    'null',
    '7',
    '"text"',
    '[]',
    '{}',
    '{"v":1}',
    '{"d":"1"}',
    '{"v":1,"d":1}',
    '{"v":1,"d":null}',
    '{"v":1,"s":1,"d":"1"}',
    '{"v":1,"s":null,"d":"1"}',
    '{"type":"price","amount":5}',
  ])('is none if it is %j', async (frame) => {
    await expect(decode({}, frame)).rejects.toThrow(/no envelope|in JSON|of JSON/)
  })

  it('with a payload that does not decode is refused', async () => {
    await expect(decode({}, '{"v":1,"d":"{"}')).rejects.toThrow(SyntaxError)
  })

  it('takes another codec for the payload, and tells it the limit', async () => {
    const inner = { encode: String, decode: vi.fn((data: unknown) => [data]) }
    expect(await encode({ codec: inner }, 7)).toBe('{"v":1,"d":"7"}')
    expect(await decode({ codec: inner }, '{"v":1,"d":"7"}', 5000)).toEqual(['7'])
    expect(inner.decode.mock.calls).toEqual([['7', 5000]])
  })

  it('waits for a codec that takes its time', async () => {
    const inner = {
      encode: (value: unknown) => Promise.resolve(String(value)),
      decode: (data: unknown) => Promise.resolve(Number(data)),
    }
    expect(await encode({ codec: inner }, 7)).toBe('{"v":1,"d":"7"}')
    expect(await decode({ codec: inner }, '{"v":1,"d":"7"}')).toBe(7)
  })

  it.each([undefined, () => {}, Symbol('none')])('is not made of %o', async (value) => {
    await expect(encode({}, value)).rejects.toThrow('encode to text')
  })

  it('throws at once for what the codec cannot encode', () => {
    expect(() => envelope().encode(1n)).toThrow(TypeError)
  })
})

describe('a signature', () => {
  it('is HMAC-SHA-256 of version and payload, in base64', async () => {
    const { v, s, d } = await encodeText({ sign: secret, version: 3 }, { a: 'é' })
    expect([v, d]).toEqual([3, '{"a":"é"}'])
    expect(s).toBe(sign('3.{"a":"é"}'))
  })

  const keys: [string, SigningKey | (() => SigningKey | Promise<SigningKey>)][] = [
    ['a text', secret],
    ['bytes', new TextEncoder().encode(secret)],
    ['a buffer', toBuffer(Buffer.from(secret))],
    ['a part of a buffer', Buffer.from(`..${secret}..`).subarray(2, -2)],
    ['a function that gives a text', () => secret],
    ['a function that gives bytes later', () => Promise.resolve(Buffer.from(secret))],
    ['a CryptoKey', cryptoKey],
    ['a function that gives a CryptoKey later', () => Promise.resolve(cryptoKey)],
  ]

  it.each(keys)('is made and checked with %s', async (_name, key) => {
    const { s } = await encodeText({ sign: key }, { a: 1 })
    expect(s).toBe(sign('1.{"a":1}'))
    expect(await decode({ sign: key }, seal({ a: 1 }))).toEqual({ a: 1 })
  })

  it('asks a function for the key once', async () => {
    const findKey = vi.fn(() => Promise.resolve(secret))
    const codec = envelope({ sign: findKey })
    expect(findKey).not.toHaveBeenCalled()
    await Promise.all([codec.encode(1), codec.encode(2), codec.decode(seal(3), noLimit)])
    await codec.encode(4)
    expect(findKey).toHaveBeenCalledTimes(1)
  })

  it('asks again for a key that could not be had', async () => {
    const findKey = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('not logged in'))
      .mockResolvedValue(secret)
    const codec = envelope({ sign: findKey })
    await expect(codec.encode(1)).rejects.toThrow('not logged in')
    expect(JSON.parse((await codec.encode(1)) as string)).toMatchObject({ s: sign('1.1') })
  })

  it.each([
    ['is missing', '{"v":1,"d":"1"}'],
    ['is empty', '{"v":1,"s":"","d":"1"}'],
    ['is no base64', seal(1, { s: '%%%' })],
    ['is too short', seal(1, { s: sign('1.1').slice(0, 20) })],
    ['was made with another key', seal(1, { s: sign('1.1', 'another secret') })],
    ['is that of another payload', seal(1, { s: sign('1.2') })],
    ['leaves the version out', seal(1, { s: sign('1') })],
    ['is that of another version', seal(1, { s: sign('2.1') })],
  ])('that %s is refused', async (_how, frame) => {
    await expect(decode({ sign: secret }, frame)).rejects.toThrow()
  })

  it('no longer fits when anything in the payload is changed', async () => {
    const frame = seal({ to: 'Alice', amount: 5 })
    expect(await decode({ sign: secret }, frame)).toEqual({ to: 'Alice', amount: 5 })
    const tampered = frame.replace(':5}', ':500}')
    await expect(decode({ sign: secret }, tampered)).rejects.toThrow('signature')
  })

  it('no longer fits when a single bit of the payload is turned over', async () => {
    const original = Buffer.from(seal({ to: 'Alice', amount: 5 }))
    const payloadAt = original.indexOf('"d":"') + 5
    const places = Array.from({ length: original.length - 2 - payloadAt }, (_, n) => payloadAt + n)
    const changes = places.flatMap((at) =>
      [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => {
        const changed = Buffer.from(original)
        changed.writeUInt8(changed.readUInt8(at) ^ bit, at)
        return decode({ sign: secret }, changed.toString()).catch(() => 'refused')
      }),
    )
    expect(new Set(await Promise.all(changes))).toEqual(new Set(['refused']))
  })

  it('is not looked at by who has no key', async () => {
    expect(await decode({}, seal('ok', { s: 'anything' }))).toBe('ok')
  })

  it('is not made without a key', async () => {
    expect(await encodeText({}, 1)).not.toHaveProperty('s')
  })

  it('of text with lone surrogates fits on both sides', async () => {
    const options = { sign: secret, codec: text() }
    const frame = await encode(options, 'a\ud800z')
    expect(await decode(options, frame)).toBe('a\ud800z')
  })

  it('needs WebCrypto, and says where that is missing', async () => {
    leaveSecureContext()
    await expect(encode({ sign: secret }, 1)).rejects.toThrow('https: and localhost')
    await expect(decode({ sign: secret }, seal(1))).rejects.toThrow('https: and localhost')
  })

  it('is all that needs WebCrypto', async () => {
    leaveSecureContext()
    expect(await decode({}, await encode({ compress: true }, 'x'.repeat(5000)))).toHaveLength(5000)
  })

  it('is not turned off by a setting that is missing', () => {
    const secrets: Record<string, string> = {}
    expect(() => envelope({ sign: secrets['missing'] })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    )
  })
})

describe('compression', () => {
  it('does not hide the size of what was encoded from the warning about it', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    await envelope({ compress: true }).encode('x'.repeat(3_500_000))
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('3.3 MiB'))
    warn.mockRestore()
  })

  it('of bytes that are no UTF-8 is refused', async () => {
    const frame = toBuffer(gzipSync(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])))
    await expect(envelope({ compress: true }).decode(frame, 1000)).rejects.toThrow(/encoded data/)
  })

  it('makes gzip that others can read', async () => {
    const value = { text: 'again and '.repeat(1000) }
    const frame = (await encode({ compress: true, sign: secret }, value)) as ArrayBuffer
    expect(frame).toBeInstanceOf(ArrayBuffer)
    expect(frame.byteLength).toBeLessThan(1000)
    expect(unzip(frame)).toBe(seal(value))
  })

  it.each([
    [true, 1024],
    [{}, 1024],
    [{ minBytes: 300 }, 300],
  ])('as %o begins at %d bytes of the whole frame', async (compress, minBytes) => {
    const around = '{"v":1,"d":"\\"\\""}'.length
    const just = 'é'.repeat(2).padEnd(minBytes - around - 2, 'x')
    expect(unzip(await encode({ compress }, just))).toContain(just)
    expect(await encode({ compress }, just.slice(0, -1))).toBeTypeOf('string')
  })

  it('of all messages is done with 0, and of none without the option', async () => {
    expect(unzip(await encode({ compress: { minBytes: 0 } }, 1))).toBe('{"v":1,"d":"1"}')
    expect(await encode({ compress: false }, 'x'.repeat(9999))).toBeTypeOf('string')
    expect(await encode({}, 'x'.repeat(9999))).toBeTypeOf('string')
  })

  it.each([-1, NaN])('from %d bytes on is refused', (minBytes) => {
    expect(() => envelope({ compress: { minBytes } })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    )
  })

  it.each([
    ['an ArrayBuffer', zip],
    ['a Blob', (frame: string) => new Blob([zip(frame)])],
  ])('is understood in %s, also by who does not compress', async (_name, pack) => {
    expect(await decode({ sign: secret }, pack(seal({ a: 'é' })))).toEqual({ a: 'é' })
  })

  it('is undone piece by piece, and no character is lost between two pieces', async () => {
    const value = '€'.repeat(200_000)
    expect(await decode({}, await encode({ compress: true }, value))).toBe(value)
  })

  it('hides neither a wrong version nor a wrong signature', async () => {
    await expect(decode({ version: 2 }, zip(seal(1)))).rejects.toThrow('Version')
    await expect(decode({ sign: 'another' }, zip(seal(1)))).rejects.toThrow('signature')
  })

  const frame = seal('some text that is long enough to be cut and damaged')
  const damages: [string, ArrayBuffer][] = [
    ['no gzip', toBuffer(Buffer.from(frame))],
    ['empty', new ArrayBuffer(0)],
    ['cut short', zip(frame).slice(0, 40)],
    ['without its check sum', zip(frame).slice(0, -8)],
    ['damaged inside', toBuffer(gzipSync(frame).fill(0, 20, 40))],
    ['no UTF-8', zip(Uint8Array.of(0x22, 0xff, 0x22))],
    [
      'UTF-8 that ends in the middle of a character',
      zip(Buffer.from('{"v":1,"d":"1"}é').subarray(0, -1)),
    ],
    ['no envelope', zip('{"a":1}')],
  ]

  it.each(damages)('that is %s is refused', async (_how, damaged) => {
    await expect(decode({}, damaged)).rejects.toThrow()
  })

  it('may unpack to as many bytes as are allowed, and to no more', async () => {
    const limit = Buffer.byteLength(seal('é'))
    expect(await decode({}, zip(seal('é')), limit)).toBe('é')
    await expect(decode({}, zip(seal('é')), limit - 1)).rejects.toMatchObject({
      code: 'message-too-large',
    })
  })

  it('that would unpack to far more is stopped before it fills the memory', async () => {
    const mebibyte = 1_048_576
    const pieces = Array.from<Buffer>({ length: 192 }).fill(Buffer.alloc(mebibyte, 'x'))
    const bomb = toBuffer(await buffer(Readable.from(pieces).pipe(createGzip())))
    expect(bomb.byteLength).toBeLessThan(mebibyte)
    const peak = watchMemory()
    await expect(decode({}, bomb, 100_000)).rejects.toMatchObject({ code: 'message-too-large' })
    expect(peak.stop() / mebibyte).toBeLessThan(48)
  })
})

/** The most memory that is in use, beyond what is in use now. */
function watchMemory() {
  const measure = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const before = measure()
  let peak = before
  const look = (): void => {
    peak = Math.max(peak, measure())
    next = setImmediate(look)
  }
  let next = setImmediate(look)
  return {
    stop(): number {
      clearImmediate(next)
      return Math.max(peak, measure()) - before
    },
  }
}

/** Text of any 16-bit units, also such as belong to no character. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units))

const anyOptions: fc.Arbitrary<EnvelopeOptions> = fc.record(
  {
    version: fc.nat(),
    sign: fc.oneof(fc.string({ minLength: 1 }), fc.uint8Array({ minLength: 1 })),
    compress: fc.oneof(fc.boolean(), fc.record({ minBytes: fc.nat(200) })),
  },
  { requiredKeys: [] },
)

describe('whatever the options,', () => {
  it('gives back every value that JSON can hold', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, fc.jsonValue(), async (options, value) => {
        const decoded = await decode(options, await encode(options, value))
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('gives back every text', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, anyText, async (options, any) => {
        expect(await decode(options, await encode(options, any))).toBe(any)
        const plain = { ...options, codec: text() }
        expect(await decode(plain, await encode(plain, any))).toBe(any)
      }),
    )
  })
})

/** WebCrypto and compression take real time, which nobody can move. */
function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { interval: 1, timeout: 5000 })
}

function readFrame(frame: unknown): unknown {
  const { v, s, d } = JSON.parse(typeof frame === 'string' ? frame : unzip(frame)) as Envelope
  expect([v, s]).toEqual([1, sign(`1.${d}`)])
  return JSON.parse(d)
}

const sealed = { codec: envelope({ sign: secret, compress: true }), onInvalid: () => {} }

/** Short and long ones by turns, so that some are compressed. */
const mixed = Array.from({ length: 60 }, (_, n) => ({ n, text: 'x'.repeat(n % 3 ? 0 : n * 500) }))

describe('on a connection', () => {
  it('messages go out in order, whether or not they are compressed', async () => {
    const { connection, open } = recordConnection(sealed)
    const socket = await open()
    const results = mixed.map((message) => connection.sendJSON(message))
    connection.send('as it is')
    expect(new Set(results)).toEqual(new Set(['queued']))
    await eventually(() => expect(socket.sent).toHaveLength(61))
    expect(socket.sent.at(-1)).toBe('as it is')
    expect(socket.sent.slice(0, -1).map(readFrame)).toEqual(mixed)
    expect(socket.sent.filter((frame) => typeof frame !== 'string').length).toBeGreaterThan(10)
  })

  it('messages come in in order, whether or not they are compressed', async () => {
    const { messages, errors, open } = recordConnection(sealed)
    const socket = await open()
    for (const message of mixed) {
      socket.receiveFrame(message.text ? zip(seal(message)) : seal(message))
    }
    await eventually(() => expect(messages).toHaveLength(60))
    expect(messages).toEqual(mixed)
    expect(errors).toEqual([])
  })

  it('what is done to a value after it was sent has no effect', async () => {
    const { connection, open } = recordConnection(sealed)
    const socket = await open()
    const value = { n: 1, text: '' }
    connection.sendJSON(value)
    value.n = 2
    value.text = 'x'.repeat(5000)
    connection.sendJSON(value)
    value.n = 3
    await eventually(() => expect(socket.sent).toHaveLength(2))
    expect(socket.sent.map(readFrame)).toMatchObject([{ n: 1, text: '' }, { n: 2 }])
  })

  it('what was sent before it was open keeps its place, too', async () => {
    const { connection, open } = recordConnection(sealed)
    mixed.forEach((message) => connection.sendJSON(message))
    const socket = await open()
    await eventually(() => expect(socket.sent).toHaveLength(60))
    expect(socket.sent.map(readFrame)).toEqual(mixed)
  })

  const invalid: [string, unknown, string][] = [
    ['of a wrong version', seal(1, { v: 2 }), 'malformed-message'],
    ['without a signature', '{"v":1,"d":"1"}', 'malformed-message'],
    ['with a wrong signature', seal(1, { s: 'AAAA' }), 'malformed-message'],
    ['that is no envelope', '{"type":"price"}', 'malformed-message'],
    ['that is no JSON', '{', 'malformed-message'],
    ['that is no gzip', new ArrayBuffer(20), 'malformed-message'],
    ['that is cut short', zip(seal('long')).slice(0, 30), 'malformed-message'],
    ['that unpacks to too much', zip(seal('x'.repeat(2000))), 'message-too-large'],
    ['that is too large as it is', seal('x'.repeat(2000)), 'message-too-large'],
  ]

  it.each(invalid)('a message %s is counted and nothing else', async (_how, frame, code) => {
    const world = recordConnection({ ...sealed, maxMessageBytes: 1000 })
    const { connection, environment, errors, log, messages, open } = world
    const socket = await open()
    socket.receiveFrame(zip(seal('before')))
    socket.receiveFrame(frame)
    socket.receiveFrame(seal('after'))
    await eventually(() => expect(messages).toHaveLength(2))
    expect(log).toEqual(['open', 'message', 'error', 'message'])
    expect(messages).toEqual(['before', 'after'])
    expect(errors).toMatchObject([{ code }])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
    expect(socket.closedBy).toBeNull()
    expect(environment.reportedErrors).toEqual([])
  })

  it('a message that cannot be signed is dropped with an error, and the next goes out', async () => {
    const findKey = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('not logged in'))
      .mockResolvedValue(secret)
    const { connection, drops, environment, errors, open } = recordConnection({
      codec: envelope({ sign: findKey }),
    })
    const socket = await open()
    expect(connection.sendJSON('lost')).toBe('queued')
    await environment.advance(0)
    connection.sendJSON('sent')
    await eventually(() => expect(socket.sent).toHaveLength(1))
    expect(socket.sent.map(readFrame)).toEqual(['sent'])
    expect(errors).toMatchObject([{ code: 'encode-failed', cause: { message: 'not logged in' } }])
    expect(drops).toEqual([{ data: null, reason: 'failed' }])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 0 })
  })

  it('a value that cannot be encoded throws at once and takes no place in the queue', async () => {
    const { connection, environment, open } = recordConnection(sealed)
    await open()
    expect(() => connection.sendJSON(1n)).toThrow(
      expect.objectContaining({ code: 'encode-failed' }),
    )
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('requests, answers and pings travel in envelopes, too', async () => {
    const { connection, environment, messages, open } = recordConnection({
      ...sealed,
      requests: byId({ createId: (count) => count }),
      heartbeat: { intervalMs: 100 },
    })
    const socket = await open()
    const reply = connection.request({ op: 'balance' })
    await eventually(() => expect(socket.sent).toHaveLength(1))
    socket.receiveFrame(seal({ id: 1, amount: 5 }))
    expect(await reply).toEqual({ id: 1, amount: 5 })
    await environment.advance(100)
    await eventually(() => expect(socket.sent).toHaveLength(2))
    expect(socket.sent.map(readFrame)).toEqual([{ op: 'balance', id: 1 }, { type: 'ping' }])
    socket.receiveFrame(seal({ type: 'pong' }))
    socket.receiveFrame(seal('end'))
    await eventually(() => expect(messages).toEqual(['end']))
  })
})
