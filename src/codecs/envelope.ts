import type { Codec } from '../core/codec'
import { WirehookError } from '../core/errors'
import { warnAboutSize } from '../core/frame'
import { json } from './json'
import { compress, decompress } from './compression'
import { createSigner, type SigningKey } from './signature'

export interface EnvelopeOptions {
  /**
   * Goes out as `v`; an inbound message with another one is refused.
   *
   * @default 1
   */
  version?: number
  /**
   * Signs with HMAC-SHA-256 (WebCrypto, RFC 2104): a text or bytes as the secret, a `CryptoKey`, or a
   * function that gives one and is asked once. Then an inbound message needs a good signature. Left
   * out, nothing is signed or checked; `undefined` is an error, for it may be a setting that is missing.
   *
   * A secret that is in the page is known to whoever uses the page: see docs/codecs.md for what this
   * protects from.
   */
  sign?: SigningKey | (() => SigningKey | Promise<SigningKey>)
  /**
   * Compresses with gzip what has at least `minBytes` bytes; `true` is `{ minBytes: 1024 }`, and `0`
   * compresses all. Compressed messages are binary frames. Inbound ones are always understood.
   *
   * @default false
   */
  compress?: boolean | { minBytes?: number }
  /** Turns the payload into text and back. @default json() */
  codec?: Codec
}

/** A frame as it is before compression. */
interface Envelope {
  /** Version. */
  readonly v: number
  /** Signature of `<v>.<d>` in base64, if messages are signed. */
  readonly s?: string
  /** The payload as text. */
  readonly d: string
}

const defaultMinBytes = 1024

/**
 * Wraps each message into `{ "v": version, "s": signature, "d": payload as text }`. Messages keep
 * their order, although signing and compressing take time: `sendJSON` then returns `'queued'`.
 *
 * A wrong version, a missing or bad signature, or one that unpacks to more than `maxMessageBytes` is
 * an invalid message; the connection stays.
 *
 * @throws WirehookError `invalid-option` for a `sign` that is `undefined`, or a `minBytes` that is no
 * number from 0 up
 */
export function envelope(options: EnvelopeOptions = {}): Codec {
  const { version = 1, sign, compress: compression = false, codec = json() } = options
  if ('sign' in options && sign === undefined) throw new WirehookError('invalid-option', 'sign')
  const signer = sign === undefined ? undefined : createSigner(sign)
  const minBytes = readMinBytes(compression)

  async function seal(payload: unknown): Promise<string | ArrayBuffer> {
    const d = await payload
    if (typeof d !== 'string') throw new TypeError('The inner codec has to encode to text.')
    // Compressed, it may look small.
    warnAboutSize(d)
    const s = await signer?.sign(`${version}.${d}`)
    const frame = JSON.stringify({
      v: version,
      ...(s !== undefined && { s }),
      d,
    } satisfies Envelope)
    const bytes = new TextEncoder().encode(frame)
    return bytes.length < minBytes ? frame : compress(bytes)
  }

  async function open(data: unknown, maxBytes: number): Promise<unknown> {
    const frame = typeof data === 'string' ? data : await decompress(data, maxBytes)
    const { v, s, d } = parseEnvelope(frame)
    if (v !== version) throw new TypeError(`Version ${v} came instead of ${version}.`)
    if (signer && !(await signer.verify(`${v}.${d}`, s ?? ''))) {
      throw new TypeError('The signature is missing or wrong.')
    }
    return codec.decode(d, maxBytes)
  }

  return {
    // The payload is read at once, so that changing the value later has no effect.
    encode: (value) => seal(codec.encode(value)),
    decode: open,
  }
}

function readMinBytes(compression: boolean | { minBytes?: number }): number {
  if (compression === false) return Infinity
  const minBytes =
    compression === true ? defaultMinBytes : (compression.minBytes ?? defaultMinBytes)
  if (!(minBytes >= 0)) throw new WirehookError('invalid-option', 'minBytes')
  return minBytes
}

function parseEnvelope(frame: string): Envelope {
  const { v, s, d } = Object(JSON.parse(frame)) as Partial<Record<keyof Envelope, unknown>>
  if (
    typeof v !== 'number' ||
    typeof d !== 'string' ||
    (s !== undefined && typeof s !== 'string')
  ) {
    throw new TypeError('This is no envelope.')
  }
  return { v, d, ...(s !== undefined && { s }) }
}
