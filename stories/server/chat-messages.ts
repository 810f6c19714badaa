import type { UnknownMessage } from './client.js'

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

/** What a client says. */
export type ClientMessage =
  | { readonly type: 'say'; readonly id: string; readonly author: string; readonly text: string }
  | { readonly type: 'replay' }

export const chatLimits = { textLength: 500, authorLength: 24, idLength: 64 }

/** The client's message, or `null` for anything that is not one. */
export function parseClientMessage(message: UnknownMessage): ClientMessage | null {
  if (message.type === 'replay') return { type: 'replay' }
  return message.type === 'say' ? parseSay(message) : null
}

function parseSay({ id, author, text }: UnknownMessage): ClientMessage | null {
  if (!isText(id, chatLimits.idLength)) return null
  if (!isText(author, chatLimits.authorLength)) return null
  if (!isText(text, chatLimits.textLength)) return null
  return { type: 'say', id, author, text }
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength
}
