/** Turns values into frames and back. Both directions may throw; the connection reports it. */
export interface Codec {
  /** The frame for a value: text or bytes. Anything else counts as not encodable. */
  encode(value: unknown): unknown
  /** The value of a frame: text, or an `ArrayBuffer` (a `Blob` with `binaryType: 'blob'`). */
  decode(data: unknown): unknown
}

/** JSON for text frames; binary frames are handed on untouched. The default codec. */
export const jsonCodec: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (data) => (typeof data === 'string' ? (JSON.parse(data) as unknown) : data),
}
