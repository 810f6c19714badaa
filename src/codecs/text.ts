import type { Codec } from '../core/codec'

/**
 * Text as it is, in both directions. A value that is no text is not encodable, and a binary frame is
 * a malformed message.
 */
export function text(): Codec {
  const pass = (value: unknown): string => {
    if (typeof value === 'string') return value
    throw new TypeError('This is no text.')
  }
  return { encode: pass, decode: pass }
}
