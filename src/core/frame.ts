import type { Codec } from './codec'
import type { FrameData } from './connection'
import { warnInDevelopment } from './development-warning'
import { WirehookError } from './errors'
import { proceed, rescue, type Eventually } from './sequence'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Text or bytes. By shape, for a value may come from another realm. */
export function isFrameData(value: unknown): value is FrameData {
  return (
    typeof value === 'string' ||
    (typeof value === 'object' &&
      value !== null &&
      ('byteLength' in value || 'arrayBuffer' in value))
  )
}

/** Bytes of a frame; text counts as the UTF-8 it is sent in. */
export function byteLength(data: FrameData): number {
  if (typeof data === 'string') {
    // Nearly all text is ASCII, and looking takes a fraction of the time of encoding.
    return /[\u0080-\uffff]/.test(data) ? new TextEncoder().encode(data).length : data.length
  }
  return 'size' in data ? data.size : data.byteLength
}

/** Whether a frame has more bytes than allowed; text is measured only where that can matter. */
export function isLarger(data: unknown, maxBytes: number): boolean {
  if (typeof data === 'string' && data.length * 3 <= maxBytes) return false
  return isFrameData(data) && byteLength(data) > maxBytes
}

/** A private copy of bytes, so that what is sent later is what was given now. */
export function copyFrame(data: FrameData): FrameData {
  if (typeof data === 'string' || 'size' in data) return data
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : data.slice(0)
}

/** @throws WirehookError `encode-failed` for anything but text and bytes */
export function checkFrame(data: unknown): FrameData {
  if (isFrameData(data)) return data
  throw new WirehookError('encode-failed', typeof data)
}

/**
 * @returns a promise if the codec takes its time
 * @throws WirehookError `encode-failed`, at once or as a rejection, if the codec cannot encode the value
 */
export function encodeFrame(value: unknown, codec: Codec): Eventually<FrameData> {
  function fail(cause: unknown): never {
    throw new WirehookError('encode-failed', typeof value, cause)
  }

  function check(encoded: unknown): FrameData {
    const frame = checkFrame(encoded)
    warnAboutSize(frame)
    return frame
  }

  return rescue(() => proceed(codec.encode(value), check), fail)
}

/** Encoding this much holds up the page for longer than a frame on a usual phone. */
const largeBytes = 1_048_576

function describeSize(frame: FrameData): string {
  if (!isLarger(frame, largeBytes)) return ''
  const mebibytes = (byteLength(frame) / largeBytes).toFixed(1)
  return `A message of ${mebibytes} MiB was encoded in one go, which holds up the page. Send large data in parts: docs/large-messages.md.`
}

/** In development, says once for each size that encoding it holds up the page. */
export function warnAboutSize(frame: FrameData): void {
  try {
    if (process.env.NODE_ENV !== 'production') warnInDevelopment(describeSize(frame))
  } catch {
    // A browser without a bundler has no process.
  }
}
