/** What the server sends. */
export interface Message {
  readonly type: 'price'
  readonly topic: string
  /** Counts from 0 within one order. */
  readonly index: number
  readonly price: number
  readonly size: number
}

export function parse(text: unknown): Message {
  return JSON.parse(text as string) as Message
}

const parsed = new WeakMap<MessageEvent, Message>()

/**
 * Where many components are given the same event, the first of them parses it. It is what somebody
 * would write who has seen a profile, and the best that can be done for those libraries.
 */
export function parseOnce(event: MessageEvent): Message {
  const known = parsed.get(event)
  if (known) return known
  const message = parse(event.data)
  parsed.set(event, message)
  return message
}
