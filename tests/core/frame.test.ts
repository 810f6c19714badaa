import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { jsonCodec, type Codec } from '../../src/core/codec'
import { WirehookError } from '../../src/core/errors'
import {
  byteLength,
  checkFrame,
  copyFrame,
  encodeFrame,
  isFrameData,
  isLarger,
} from '../../src/core/frame'

const bytes = new Uint8Array([1, 2, 3, 4, 5, 6])
const view = new DataView(bytes.buffer, 2, 3)

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('a frame', () => {
  const foreign: unknown = runInNewContext('new Uint8Array([1, 2]).buffer')

  it.each(['', 'text', bytes, bytes.buffer, view, new Blob(['x']), foreign])('is %o', (data) => {
    expect(isFrameData(data)).toBe(true)
    expect(checkFrame(data)).toBe(data)
  })

  it.each([
    undefined,
    null,
    0,
    1,
    true,
    {},
    [],
    [1, 2],
    { length: 2 },
    Symbol('x'),
    12n,
    () => 'text',
    new Date(0),
  ])('is not %o', (data) => {
    expect(isFrameData(data)).toBe(false)
    const error = thrownBy(() => checkFrame(data))
    expect(error).toBeInstanceOf(WirehookError)
    expect(error).toMatchObject({ code: 'encode-failed' })
  })
})

describe('the size of a frame', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['€', 3],
    ['😀', 4],
    ['\ud800', 3],
    [bytes, 6],
    [bytes.buffer, 6],
    [view, 3],
    [new Uint16Array(4), 8],
    [new Blob(['äb']), 3],
  ])('%o has its bytes counted', (data, size) => {
    expect(byteLength(data)).toBe(size)
  })

  it.each(['abc', '€€', '😀😀😀', bytes, view, new Blob(['abcd'])])(
    '%o is larger than one byte less than it has, and not larger than what it has',
    (data) => {
      const size = byteLength(data)
      expect(isLarger(data, size)).toBe(false)
      expect(isLarger(data, size + 1)).toBe(false)
      expect(isLarger(data, size - 1)).toBe(true)
    },
  )

  it('is not asked of what is no frame, nor with no limit', () => {
    expect(isLarger({ big: true }, 0)).toBe(false)
    expect(isLarger('x'.repeat(1000), Infinity)).toBe(false)
  })
})

describe('a copy', () => {
  it.each([
    ['a buffer', () => bytes.buffer.slice(0)],
    ['an array', () => bytes.slice()],
    ['a view of a part', () => new DataView(bytes.slice().buffer, 2, 3)],
    ['an array of larger numbers', () => new Uint16Array([1, 2, 3])],
    ['a Node buffer', () => Buffer.from('abc')],
  ])('of %s keeps what was there', (_, make) => {
    const original = make()
    const before = toArray(original)
    const copy = copyFrame(original)
    toBytes(original).fill(0)
    expect(toArray(copy)).toEqual(before)
    expect(byteLength(copy)).toBe(before.length)
  })

  it('is not made of what cannot change', () => {
    const blob = new Blob(['x'])
    expect(copyFrame(blob)).toBe(blob)
    expect(copyFrame('text')).toBe('text')
  })

  function toBytes(data: unknown): Uint8Array {
    if (data instanceof ArrayBuffer) return new Uint8Array(data)
    if (!ArrayBuffer.isView(data)) throw new Error('no bytes')
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }

  function toArray(data: unknown): number[] {
    return Array.from(toBytes(data))
  }
})

describe('encoding', () => {
  it('gives the text or bytes that the codec makes', () => {
    expect(encodeFrame({ a: [1, 'é'] }, jsonCodec)).toBe('{"a":[1,"é"]}')
    expect(encodeFrame(null, jsonCodec)).toBe('null')
    expect(encodeFrame(0, { ...jsonCodec, encode: () => bytes })).toBe(bytes)
  })

  const cycle: { self?: unknown } = {}
  cycle.self = cycle

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['a cycle', cycle],
    ['a getter that throws', Object.defineProperty({}, 'x', { enumerable: true, get: explode })],
  ])('refuses %s', (_, value) => {
    expect(thrownBy(() => encodeFrame(value, jsonCodec))).toMatchObject({ code: 'encode-failed' })
  })

  it('keeps what the codec threw as the cause', () => {
    const cause = new Error('no')
    const codec = {
      ...jsonCodec,
      encode() {
        throw cause
      },
    }
    expect(thrownBy(() => encodeFrame(1, codec))).toMatchObject({ code: 'encode-failed', cause })
  })

  it('refuses a codec that makes neither text nor bytes', () => {
    const codec = { ...jsonCodec, encode: () => ({ made: 'an object' }) }
    expect(thrownBy(() => encodeFrame(1, codec))).toMatchObject({ code: 'encode-failed' })
  })

  function explode(): never {
    throw new Error('getter')
  }
})

describe('encoding that takes its time', () => {
  const slowly = (encoded: unknown): Codec => ({
    ...jsonCodec,
    encode: async () => Promise.resolve(encoded),
  })

  it('gives the text or bytes in the end', async () => {
    expect(await encodeFrame(1, slowly('text'))).toBe('text')
    expect(await encodeFrame(1, slowly(bytes))).toBe(bytes)
  })

  it('rejects what is neither text nor bytes', async () => {
    await expect(encodeFrame(1, slowly(7))).rejects.toMatchObject({ code: 'encode-failed' })
  })

  it('keeps what the codec rejected with as the cause', async () => {
    const cause = new Error('no')
    const codec = { ...jsonCodec, encode: async () => Promise.reject(cause) }
    await expect(encodeFrame({}, codec)).rejects.toMatchObject({ code: 'encode-failed', cause })
  })
})

describe('a large message', () => {
  let warn: MockInstance<typeof console.warn>

  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockReturnValue()
  })

  afterEach(() => {
    warn.mockRestore()
    vi.unstubAllEnvs()
  })

  const plain = { ...jsonCodec, encode: (value: unknown) => value }
  const mebibyte = 1_048_576

  it.each([
    ['text', 'x'.repeat(1.3 * mebibyte), '1.3'],
    ['text in UTF-8', '€'.repeat(0.8 * mebibyte), '2.4'],
    ['bytes', new Uint8Array(2.5 * mebibyte), '2.5'],
  ])('is warned about in development, with its size (%s)', (_, data, size) => {
    expect(encodeFrame(data, plain)).toBe(data)
    expect(warn.mock.calls).toHaveLength(1)
    expect(String(warn.mock.calls[0]?.[0])).toContain(`A message of ${size} MiB`)
  })

  it('is warned about also if encoding it took its time', async () => {
    const data = 'x'.repeat(3.1 * mebibyte)
    await encodeFrame(data, { ...plain, encode: async (value) => Promise.resolve(value) })
    expect(String(warn.mock.calls[0]?.[0])).toContain('3.1 MiB')
  })

  it('is not one up to 1 MiB', () => {
    void encodeFrame('x'.repeat(mebibyte), plain)
    void encodeFrame(new Uint8Array(mebibyte), plain)
    expect(warn).not.toHaveBeenCalled()
    void encodeFrame(new Uint8Array(mebibyte + 1), plain)
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('is nothing to speak of in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    void encodeFrame(new Uint8Array(7.7 * mebibyte), plain)
    expect(warn).not.toHaveBeenCalled()
  })
})
