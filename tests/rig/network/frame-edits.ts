import type { Frame } from './frame-format'
import { isDataFrame, opcodes, readFrame, writeFrame } from './frame-format'
import { createFrameCutter } from './frame-cutter'

/** What passes instead of a frame. */
export interface Edited {
  readonly frames: readonly Frame[]
  /** How much later than it would have been, in milliseconds. */
  readonly lateMs?: number
}

export type FrameEdit = (frame: Frame) => Edited

/** Bytes to pass on, that much later than they would have been. */
export interface Delivery {
  readonly bytes: Buffer
  readonly lateMs: number
}

/** What is to be done to the data frames to come in one direction. */
export interface FrameEdits {
  /** Does it to the `k`-th frame that begins from now on, 1 being the next; the newest edit counts. */
  plan(k: number, edit: FrameEdit): void
  /** Nothing more is done to any frame. */
  clear(): void
  readonly arePlanned: boolean
  /** A frame begins. @returns what is to be done to it */
  take(): FrameEdit | undefined
}

export const suppressed: FrameEdit = () => ({ frames: [] })

export function delayed(lateMs: number): FrameEdit {
  return (frame) => ({ frames: [frame], lateMs })
}

/** The type of the frame stays. */
export function replaced(payload: string | Buffer): FrameEdit {
  return (frame) => ({ frames: [withPayload(frame, payload)] })
}

/** A message of its own, text or binary, comes before the frame. */
export function preceded(payload: string | Buffer): FrameEdit {
  const opcode = typeof payload === 'string' ? opcodes.text : opcodes.binary
  return (frame) => ({
    frames: [withPayload({ ...frame, isFinal: true, opcode }, payload), frame],
  })
}

function withPayload(frame: Frame, payload: string | Buffer): Frame {
  return {
    ...frame,
    reserved: 0,
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
  }
}

export function createFrameEdits(): FrameEdits {
  const edits = new Map<number, FrameEdit>()
  let begun = 0
  return {
    plan: (k, edit) => edits.set(begun + k, edit),
    clear: () => edits.clear(),
    get arePlanned() {
      return edits.size > 0
    },
    take() {
      begun += 1
      const edit = edits.get(begun)
      edits.delete(begun)
      return edit
    },
  }
}

/**
 * Carries the edits out on one side of one WebSocket. A frame that is to be edited is held until it
 * is whole; everything else passes as it comes.
 *
 * @returns takes the next bytes, and gives what passes
 */
export function createFrameEditor(edits: FrameEdits): (bytes: Buffer) => Delivery[] {
  const cut = createFrameCutter()
  let edit: FrameEdit | undefined
  let held: Buffer[] = []

  function applyEdit(): Delivery[] {
    if (!edit) return []
    const { frames, lateMs = 0 } = edit(readFrame(Buffer.concat(held)))
    edit = undefined
    held = []
    return frames.map((frame) => ({ bytes: writeFrame(frame), lateMs }))
  }

  return (bytes) => {
    const pieces = cut(bytes)
    // A chunk may hold a thousand frames; they are taken apart only if that is needed.
    if (!edit && !edits.arePlanned) return [{ bytes, lateMs: 0 }]
    return pieces.flatMap((piece) => {
      if (piece.begins !== undefined && isDataFrame(piece.begins)) edit = edits.take()
      if (!edit) return [{ bytes: piece.bytes, lateMs: 0 }]
      held.push(piece.bytes)
      return piece.isEnd ? applyEdit() : []
    })
  }
}
