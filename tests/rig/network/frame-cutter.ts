import { measureHeader, measurePayload } from './frame-format'

/** A run of bytes that lies within one frame, or within the HTTP before the first one. */
export interface Piece {
  readonly bytes: Buffer
  /** The opcode of the frame that begins with it, if one does. */
  readonly begins: number | undefined
  /** Whether the frame ends with it. */
  readonly isEnd: boolean
}

const endOfHead = '\r\n\r\n'
const nothing: Buffer = Buffer.alloc(0)

/**
 * Finds the frames in what one side of a WebSocket sends, however its bytes are chunked.
 *
 * @returns takes the next bytes, and gives the same bytes in pieces
 */
export function createFrameCutter(): (bytes: Buffer) => Piece[] {
  let isUpgraded = false
  /** The end of what came so far, for the end of the head may be spread over chunks. */
  let tail = nothing
  let header = nothing
  let payloadBytesLeft = 0

  function takeHead(bytes: Buffer): Piece {
    const seen = Buffer.concat([tail, bytes])
    const end = seen.indexOf(endOfHead)
    isUpgraded = end !== -1
    const length = isUpgraded ? end + endOfHead.length - tail.length : bytes.length
    tail = seen.subarray(1 - endOfHead.length)
    return { bytes: bytes.subarray(0, length), begins: undefined, isEnd: false }
  }

  function takeFrame(bytes: Buffer): Piece {
    const begins = header.length === 0 ? (bytes[0] ?? 0) & 0x0f : undefined
    const headerBytes = takeHeader(bytes)
    const isHeaderWhole = header.length === measureHeader(header)
    const payloadBytes = isHeaderWhole ? Math.min(payloadBytesLeft, bytes.length - headerBytes) : 0
    payloadBytesLeft -= payloadBytes
    const isEnd = isHeaderWhole && payloadBytesLeft === 0
    if (isEnd) header = nothing
    return { bytes: bytes.subarray(0, headerBytes + payloadBytes), begins, isEnd }
  }

  /** @returns how many of the bytes belong to the header */
  function takeHeader(bytes: Buffer): number {
    let taken = 0
    // Its first two bytes tell how long it is.
    for (;;) {
      const missing = measureHeader(header) - header.length
      if (missing === 0 || taken === bytes.length) return taken
      const more = bytes.subarray(taken, taken + missing)
      taken += more.length
      header = header.length ? Buffer.concat([header, more]) : more
      if (header.length === measureHeader(header)) payloadBytesLeft = measurePayload(header)
    }
  }

  return (bytes) => {
    const pieces: Piece[] = []
    for (let rest = bytes; rest.length > 0;) {
      const piece = isUpgraded ? takeFrame(rest) : takeHead(rest)
      pieces.push(piece)
      rest = rest.subarray(piece.bytes.length)
    }
    return pieces
  }
}
