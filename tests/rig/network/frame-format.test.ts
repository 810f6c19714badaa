import { describe, expect, it } from 'vitest'
import { opcodes, readFrame, writeFrame } from './frame-format'

/** RFC 6455 §5.7. */
const examples: [name: string, hex: string, frame: object][] = [
  [
    'unmasked text',
    '810548656c6c6f',
    { isFinal: true, reserved: 0, opcode: opcodes.text, payload: Buffer.from('Hello') },
  ],
  [
    'masked text',
    '818537fa213d7f9f4d5158',
    {
      isFinal: true,
      reserved: 0,
      opcode: opcodes.text,
      mask: Buffer.from('37fa213d', 'hex'),
      payload: Buffer.from('Hello'),
    },
  ],
  [
    'the first fragment of a text',
    '010348656c',
    { isFinal: false, reserved: 0, opcode: opcodes.text, payload: Buffer.from('Hel') },
  ],
  [
    'the last fragment of a text',
    '80026c6f',
    { isFinal: true, reserved: 0, opcode: opcodes.continuation, payload: Buffer.from('lo') },
  ],
  [
    'a ping',
    '890548656c6c6f',
    { isFinal: true, reserved: 0, opcode: opcodes.ping, payload: Buffer.from('Hello') },
  ],
]

describe('a frame', () => {
  it.each(examples)('is read and written as the RFC shows: %s', (_name, hex, frame) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(readFrame(bytes)).toEqual(frame)
    expect(writeFrame(readFrame(bytes))).toEqual(bytes)
  })

  it.each([
    [125, '827d'],
    [126, '827e007e'],
    [256, '827e0100'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('of %i bytes says so in its header', (length, header) => {
    const payload = Buffer.alloc(length, 7)
    const bytes = writeFrame({ opcode: opcodes.binary, payload })
    expect(bytes.subarray(0, header.length / 2).toString('hex')).toBe(header)
    expect(readFrame(bytes).payload).toEqual(payload)
  })

  it('keeps its reserved bits', () => {
    const bytes = writeFrame({ opcode: opcodes.text, reserved: 5, payload: Buffer.alloc(0) })
    expect(bytes.toString('hex')).toBe('d100')
    expect(readFrame(bytes).reserved).toBe(5)
  })
})
