import type { Frame } from '../server/client'

/** What comes over a wire. */
export interface WireEvents {
  onOpen(protocol: string): void
  onFrame(frame: Frame): void
  onClose(code: number, reason: string, wasClean: boolean): void
}

/** What carries frames: a socket of the browser, or a server inside of the page. */
export interface Wire {
  readonly bufferedAmount: number
  send(frame: Frame): void
  close(code: number | undefined, reason: string | undefined): void
}

export type OpenWire = (url: URL, protocols: readonly string[], events: WireEvents) => Wire
