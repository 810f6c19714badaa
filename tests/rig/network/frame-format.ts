/** A WebSocket frame (RFC 6455 §5.2) with its payload as it was before masking. */
export interface Frame {
  /** Whether it is the last one, or the only one, of its message. */
  readonly isFinal: boolean
  /** The three reserved bits as a number; 4 marks a compressed message (RFC 7692). */
  readonly reserved: number
  readonly opcode: number
  /** The four bytes that mask the payload, in frames of a client. */
  readonly mask?: Buffer
  readonly payload: Buffer
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

const maskBytes = 4

/** Whether the frame carries a message, or a part of one. */
export function isDataFrame(opcode: number): boolean {
  return opcode <= opcodes.binary
}

/** How long the header is, as far as its first bytes tell: two at least. */
export function measureHeader(header: Buffer): number {
  const [, second = 0] = header
  return 2 + lengthFieldBytes(second) + (isMasked(second) ? maskBytes : 0)
}

/** How long the payload is that a whole header announces. */
export function measurePayload(header: Buffer): number {
  const [, second = 0] = header
  switch (lengthFieldBytes(second)) {
    case 2:
      return header.readUInt16BE(2)
    case 8:
      return Number(header.readBigUInt64BE(2))
    default:
      return second & 0x7f
  }
}

/** The frame that these bytes are. */
export function readFrame(bytes: Buffer): Frame {
  const [first = 0, second = 0] = bytes
  const headerBytes = measureHeader(bytes)
  const payload = bytes.subarray(headerBytes)
  const mask = isMasked(second) ? bytes.subarray(headerBytes - maskBytes, headerBytes) : undefined
  return {
    isFinal: first >= 0x80,
    reserved: (first >> 4) & 0x07,
    opcode: first & 0x0f,
    ...(mask && { mask }),
    payload: mask ? applyMask(payload, mask) : payload,
  }
}

/** The bytes of a frame: by default an unmasked one that is a message of its own. */
export function writeFrame({
  isFinal = true,
  reserved = 0,
  opcode,
  mask,
  payload,
}: Pick<Frame, 'opcode' | 'payload'> & Partial<Frame>): Buffer {
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode
  return Buffer.concat([
    Buffer.from([first]),
    writeLength(payload.length, mask ? 0x80 : 0),
    ...(mask ? [mask, applyMask(payload, mask)] : [payload]),
  ])
}

function isMasked(second: number): boolean {
  return second >= 0x80
}

function lengthFieldBytes(second: number): number {
  const length = second & 0x7f
  if (length < 126) return 0
  return length === 126 ? 2 : 8
}

function writeLength(length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([maskBit | length])
  if (length < 2 ** 16) return Buffer.from([maskBit | 126, length >> 8, length & 0xff])
  const field = Buffer.alloc(9)
  field[0] = maskBit | 127
  field.writeBigUInt64BE(BigInt(length), 1)
  return field
}

/** Masks, or unmasks, for it is the same. */
function applyMask(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[index % maskBytes] ?? 0)))
}
