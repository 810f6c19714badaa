import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { json, refusePrototypeKeys } from '../../src/codecs/json'
import { recordConnection } from '../core/recorded-connection'

const noLimit = Infinity

describe('json', () => {
  it('reads and writes JSON as text', () => {
    expect(json().encode({ a: [1, null] })).toBe('{"a":[1,null]}')
    expect(json().decode('{"a":[1,null]}', noLimit)).toEqual({ a: [1, null] })
  })

  it('hands binary frames on untouched', () => {
    const buffer = new ArrayBuffer(3)
    const blob = new Blob(['{}'])
    expect(json().decode(buffer, noLimit)).toBe(buffer)
    expect(json({ reviver: () => 'revived' }).decode(blob, noLimit)).toBe(blob)
  })

  it.each(['', 'pong', '{', '[1,]'])('throws for %j', (text) => {
    expect(() => json().decode(text, noLimit)).toThrow(SyntaxError)
  })

  it('asks a reviver for each value and a replacer for each value to write', () => {
    const codec = json({
      reviver: (key, value) => (key === 'at' ? new Date(value as string) : value),
      replacer: (key, value) => (key === 'secret' ? undefined : value),
    })
    const at = new Date(0)
    expect(codec.decode('{"at":"1970-01-01T00:00:00.000Z"}', noLimit)).toEqual({ at })
    expect(codec.encode({ at, secret: 1 })).toBe('{"at":"1970-01-01T00:00:00.000Z"}')
  })

  it('gives back every value that JSON can hold', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const decoded = json().decode(json().encode(value), noLimit)
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(value))
      }),
    )
  })
})

/** Wraps JSON text into objects and arrays. */
const anyNesting = fc.array(
  fc.constantFrom(
    (text: string) => `[${text}]`,
    (text: string) => `[0,${text},{}]`,
    (text: string) => `{"a":${text}}`,
    (text: string) => `{"constructor":${text}}`,
    (text: string) => `{"prototype":${text}}`,
  ),
  { maxLength: 8 },
)

describe('refusePrototypeKeys', () => {
  const codec = json({ reviver: refusePrototypeKeys })

  const refused = [
    '{"__proto__":{"isAdmin":true}}',
    '{"__proto__":1}',
    '{"__proto__":null}',
    '{"\\u005f_proto__":{}}',
    '{"a":{"b":[1,{"__proto__":{}}]}}',
    '[[{"__proto__":[]}]]',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
    '{"constructor":{"prototype":null}}',
    '[{"a":{"constructor":{"b":1,"prototype":{}}}}]',
  ]

  it.each(refused)('refuses %s', (text) => {
    expect(() => codec.decode(text, noLimit)).toThrow(SyntaxError)
  })

  const allowed = [
    '{"constructor":"Ferrari"}',
    '{"constructor":{"name":"Ferrari"}}',
    '{"constructor":null}',
    '{"constructor":["prototype"]}',
    '{"prototype":{"constructor":{}}}',
    '{"a":{"prototype":1}}',
    '["__proto__","constructor",{"key":"__proto__"}]',
    '{"proto":1,"__proto":2,"toString":3,"hasOwnProperty":4}',
    '"__proto__"',
    'null',
  ]

  it.each(allowed)('takes %s', (text) => {
    expect(JSON.stringify(codec.decode(text, noLimit))).toBe(text)
  })

  it('finds a hostile key however deep it is', { timeout: 60_000 }, () => {
    const hostile = fc.constantFrom('{"__proto__":1}', '{"constructor":{"prototype":1}}')
    fc.assert(
      fc.property(hostile, anyNesting, (text, nesting) => {
        const wrapped = nesting.reduce<string>((inner, wrap) => wrap(inner), text)
        expect(() => codec.decode(wrapped, noLimit)).toThrow(SyntaxError)
      }),
    )
  })

  it('makes such a message a malformed one, and the next is read as ever', async () => {
    const { connection, environment, errors, messages, open } = recordConnection({
      codec,
      onInvalid: () => {},
    })
    const socket = await open()
    socket.receiveFrame('{"__proto__":{"isAdmin":true}}')
    socket.receiveFrame('{"constructor":"Ferrari"}')
    expect(errors).toMatchObject([
      {
        code: 'malformed-message',
        cause: { message: expect.stringContaining('__proto__') as unknown },
      },
    ])
    expect(messages).toEqual([{ constructor: 'Ferrari' }])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
  })
})
