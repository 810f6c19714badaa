import { expect, it } from 'vitest'
import { jsonCodec } from '../../src/core/codec'

it('reads and writes JSON as text', () => {
  expect(jsonCodec.encode({ a: 1 })).toBe('{"a":1}')
  expect(jsonCodec.decode('{"a":1}')).toEqual({ a: 1 })
  expect(jsonCodec.decode('null')).toBeNull()
})

it('hands binary frames on untouched', () => {
  const buffer = new ArrayBuffer(3)
  const blob = new Blob(['{}'])
  expect(jsonCodec.decode(buffer)).toBe(buffer)
  expect(jsonCodec.decode(blob)).toBe(blob)
})

it.each(['', 'pong', '{', '{"a":1', '[1,]', '\ufeff{}'])('throws for %j', (text) => {
  expect(() => jsonCodec.decode(text)).toThrow(SyntaxError)
})

it('makes a plain value of a hostile key', () => {
  const value = jsonCodec.decode('{"__proto__":{"isAdmin":true}}')
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})
