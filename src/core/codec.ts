/**
 * Turns values into frames and back. Both directions may throw, or reject; the connection reports it.
 * Both may return a promise: messages keep their order then, and wait for those before them.
 */
export interface Codec {
  /**
   * The frame for a value: text or bytes. Anything else counts as not encodable. What a promise is
   * returned for should be read from the value at once, for it may be changed afterwards.
   */
  encode(value: unknown): unknown
  /**
   * The value of a frame: text, or an `ArrayBuffer` (a `Blob` with `binaryType: 'blob'`).
   *
   * @param maxBytes the connection's `maxMessageBytes`. The frame itself is not larger; what it
   * unpacks to should not be either
   */
  decode(data: unknown, maxBytes: number): unknown
}

/** JSON for text frames; binary frames are handed on untouched. The default codec. */
export const jsonCodec = {
  encode: (value: unknown): unknown => JSON.stringify(value),
  decode: (data: unknown): unknown => (typeof data === 'string' ? JSON.parse(data) : data),
} satisfies Codec
