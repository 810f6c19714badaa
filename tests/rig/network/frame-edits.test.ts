import { describe, expect, it } from 'vitest'
import {
  createFrameEditor,
  createFrameEdits,
  delayed,
  preceded,
  replaced,
  suppressed,
  type FrameEdit,
} from './frame-edits'
import { opcodes, readFrame, writeFrame } from './frame-format'

const head = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')
const mask = Buffer.from('37fa213d', 'hex')
const text = (payload: string): Buffer =>
  writeFrame({ opcode: opcodes.text, payload: Buffer.from(payload) })

const ping = writeFrame({ opcode: opcodes.ping, payload: Buffer.from('p') })

/** Frames of all sizes that a header can tell. */
const frames = [1, 0, 200, 70_000, 3].map((size) => text('x'.repeat(size)))

/** The frames with a ping after each. */
const stream = Buffer.concat([head, ...frames.flatMap((frame) => [frame, ping])])

/** The bytes in chunks of that many. */
function chunk(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  )
}

/** What passes, with the edits planned before the first byte. */
function edit(
  chunks: readonly Buffer[],
  ...plans: readonly (readonly [k: number, edit: FrameEdit])[]
): Buffer {
  const edits = createFrameEdits()
  plans.forEach(([k, planned]) => edits.plan(k, planned))
  const editor = createFrameEditor(edits)
  return Buffer.concat(chunks.flatMap(editor).map(({ bytes }) => bytes))
}

describe('bytes that are not edited', () => {
  it('pass as they come, not a byte held back', () => {
    const edits = createFrameEdits()
    edits.plan(100, suppressed)
    const editor = createFrameEditor(edits)
    const passed = chunk(stream, 1).flatMap(editor)
    expect(passed.every(({ bytes, lateMs }) => bytes.length === 1 && lateMs === 0)).toBe(true)
    expect(Buffer.concat(passed.map(({ bytes }) => bytes)).equals(stream)).toBe(true)
  })
})

describe('edits of frames', () => {
  it.each([1, 2, 3, 7, 1000, stream.length])(
    'are the same with chunks of %i bytes as with any others',
    (length) => {
      const edited = edit(
        chunk(stream, length),
        [1, suppressed],
        [2, preceded('new')],
        [4, replaced('other')],
      )
      const [, second, third, , fifth] = frames
      const passed = [[], [text('new'), second], [third], [text('other')], [fifth]]
      const expected = passed.flatMap((around) => [...around, ping]) as Buffer[]
      expect(edited.equals(Buffer.concat([head, ...expected]))).toBe(true)
    },
  )

  it('count from when they are planned, and work once', () => {
    const edits = createFrameEdits()
    const editor = createFrameEditor(edits)
    const pass = (...bytes: Buffer[]): Buffer =>
      Buffer.concat(bytes.flatMap(editor).map((delivery) => delivery.bytes))
    pass(head, text('a'))
    edits.plan(2, suppressed)
    expect(pass(text('b'), text('c'), text('d'), text('e'))).toEqual(
      Buffer.concat([text('b'), text('d'), text('e')]),
    )
  })

  it('do not reach into a frame that has begun', () => {
    const edits = createFrameEdits()
    const editor = createFrameEditor(edits)
    editor(Buffer.concat([head, text('a').subarray(0, 2)]))
    edits.plan(1, suppressed)
    expect(editor(Buffer.concat([text('a').subarray(2), text('b')]))).toEqual([
      { bytes: Buffer.from('a'), lateMs: 0 },
    ])
  })

  it('that are cleared do nothing', () => {
    const edits = createFrameEdits()
    edits.plan(1, suppressed)
    edits.clear()
    expect(createFrameEditor(edits)(Buffer.concat([head, text('a')]))).toHaveLength(1)
  })
})

describe('a frame', () => {
  it('of control is neither counted nor edited', () => {
    expect(edit([head, ping, text('a'), ping, text('b')], [2, suppressed])).toEqual(
      Buffer.concat([head, ping, text('a'), ping]),
    )
  })

  it('that is delayed comes as it was, later, and those around it do not', () => {
    const edits = createFrameEdits()
    edits.plan(2, delayed(50))
    const passed = createFrameEditor(edits)(Buffer.concat([head, text('a'), text('b'), text('c')]))
    expect(passed).toEqual([
      { bytes: head, lateMs: 0 },
      { bytes: text('a'), lateMs: 0 },
      { bytes: text('b'), lateMs: 50 },
      { bytes: text('c'), lateMs: 0 },
    ])
  })

  it('of a client stays masked, whatever is done to it', () => {
    const masked = writeFrame({ opcode: opcodes.text, mask, payload: Buffer.from('mine') })
    const passed = createEditorWith(preceded(Buffer.from([1, 2])))(Buffer.concat([head, masked]))
    const [, injected, original] = passed.map(({ bytes }) => bytes)
    expect(original).toEqual(masked)
    expect(readFrame(injected ?? head)).toEqual({
      isFinal: true,
      reserved: 0,
      opcode: opcodes.binary,
      mask,
      payload: Buffer.from([1, 2]),
    })
  })

  it('keeps its type when it gets another payload', () => {
    const fragment = writeFrame({ opcode: opcodes.text, isFinal: false, payload: Buffer.from('a') })
    expect(edit([head, fragment], [1, replaced('bc')])).toEqual(
      Buffer.concat([head, Buffer.from('01026263', 'hex')]),
    )
  })
})

function createEditorWith(planned: FrameEdit): ReturnType<typeof createFrameEditor> {
  const edits = createFrameEdits()
  edits.plan(1, planned)
  return createFrameEditor(edits)
}
