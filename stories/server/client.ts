/** A frame as it is sent: text, or bytes. */
export type Frame = string | Uint8Array<ArrayBuffer>

/** The connection to one client, over a network or inside of the page. */
export interface Link {
  readonly isOpen: boolean
  send(frame: Frame): void
  close(code: number, reason: string): void
  /** Ends it without a close frame, as a pulled cable would. */
  cut(): void
  /** Takes nothing in any more, without saying so. */
  pause(): void
  resume(): void
}

/** A client at the door: it can be let in, or turned away. */
export interface Visitor {
  /** What the client wrote behind the `?` of its URL. */
  readonly params: URLSearchParams
  enter(): void
  refuse(): void
}

/** One client as a service sees it. */
export interface Client {
  readonly params: URLSearchParams
  tell(message: object): void
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(code: number, reason: string): void
}

/** Everybody in a room. */
export interface Audience {
  tellAll(message: object): void
  count(): number
}

/** A message that was an object; nothing about what is in it is known yet. */
export type UnknownMessage = Readonly<Record<string, unknown>>

/** What happens in a room. */
export interface Service {
  onJoin?(client: Client): void
  onMessage(client: Client, message: UnknownMessage): void
  onBytes?(client: Client, bytes: Uint8Array<ArrayBuffer>): void
  onLeave?(client: Client): void
  /** Ends timers. */
  close?(): void
}

export type CreateService = (audience: Audience) => Service
