import type { Codec } from '../core/codec'

/**
 * Bytes as they are: sends an `ArrayBuffer`, a view of one or a `Blob`, and gives what comes in as a
 * `Uint8Array` (a `Blob` with `binaryType: 'blob'`). A value that is no bytes is not encodable, and a
 * text frame is a malformed message.
 */
export function binary(): Codec {
  return {
    encode(value) {
      if (typeof value === 'string') throw new TypeError('This is text, not bytes.')
      return value
    },
    decode(data) {
      if (typeof data === 'string') throw new TypeError('This is text, not bytes.')
      return data instanceof ArrayBuffer ? new Uint8Array(data) : data
    },
  }
}
