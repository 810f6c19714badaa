import type { Codec } from './codec'
import type { FrameData } from './connection'
import { WirehookError } from './errors'

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
  if (typeof data === 'string') return new TextEncoder().encode(data).length
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

/** @throws WirehookError `encode-failed` if the codec cannot encode the value */
export function encodeFrame(value: unknown, codec: Codec): FrameData {
  try {
    return checkFrame(codec.encode(value))
  } catch (cause) {
    throw new WirehookError('encode-failed', typeof value, cause)
  }
}
