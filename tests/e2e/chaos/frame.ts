/** What the client sends; the rest of it is padding. */
export interface ClientMessage {
  readonly n: number
  readonly wantsAnswer: boolean
  readonly padding: string
}

export type Frame = string | Uint8Array

/** What a frame says. */
export function readFrame(frame: Frame): unknown {
  return JSON.parse(typeof frame === 'string' ? frame : Buffer.from(frame).toString())
}
