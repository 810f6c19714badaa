/** One line of the chat, as everybody in the room gets it. */
export interface ChatMessage {
  readonly type: 'message'
  /** Chosen by the sender, so that saying the same thing twice can be told from sending it twice. */
  readonly id: string
  readonly author: string
  readonly text: string
  /** When the server took it, in milliseconds since 1970. */
  readonly at: number
}

/** What the server says. */
export type ServerMessage =
  | ChatMessage
  | { readonly type: 'history'; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'presence'; readonly sockets: number }
  | { readonly type: 'pong' }

/** What a client says. */
export type ClientMessage =
  | { readonly type: 'say'; readonly id: string; readonly author: string; readonly text: string }
  | { readonly type: 'replay' }
  | { readonly type: 'ping' }

/** What can be done to the server of a room, to see how its clients take it. */
export type ControlVerb = 'cut' | 'restart' | 'mute' | 'unmute'

/** What the server answers to a control. */
export interface RoomReport {
  readonly sockets: number
  readonly isMuted: boolean
}

export const chatLimits = { textLength: 500, authorLength: 24, idLength: 64, frameBytes: 4096 }

/** The client's message, or `null` for anything that is not one. */
export function parseClientMessage(frame: string): ClientMessage | null {
  const message = parseObject(frame)
  switch (message?.type) {
    case 'ping':
    case 'replay':
      return { type: message.type }
    case 'say':
      return parseSay(message)
    default:
      return null
  }
}

function parseSay({ id, author, text }: Record<string, unknown>): ClientMessage | null {
  if (!isText(id, chatLimits.idLength)) return null
  if (!isText(author, chatLimits.authorLength)) return null
  if (!isText(text, chatLimits.textLength)) return null
  return { type: 'say', id, author, text }
}

function parseObject(frame: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(frame)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength
}
