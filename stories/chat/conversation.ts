import type { SendResult } from 'wirehook'
import type { ChatMessage, ServerMessage } from '../server/chat-messages'

/** Something said here that the server has not repeated yet. */
export interface WaitingMessage {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly result: SendResult
}

export interface Conversation {
  readonly delivered: readonly ChatMessage[]
  readonly waiting: readonly WaitingMessage[]
}

export type ConversationEvent = ServerMessage | { type: 'said'; message: WaitingMessage }

export const emptyConversation: Conversation = { delivered: [], waiting: [] }

const maxDelivered = 200

export function converse(conversation: Conversation, event: ConversationEvent): Conversation {
  const { delivered, waiting } = conversation
  switch (event.type) {
    case 'said':
      return { delivered, waiting: [...waiting, event.message] }
    case 'message':
      return {
        delivered: [...delivered, event].slice(-maxDelivered),
        waiting: waiting.filter(({ id }) => id !== event.id),
      }
    case 'history':
      return {
        delivered: event.messages,
        // The history comes first on a new socket, and right behind it the queue has gone out.
        waiting: missingFrom(event.messages, waiting).map((message) => ({
          ...message,
          result: 'sent',
        })),
      }
    default:
      return conversation
  }
}

/**
 * What went into a socket that died before the server read it: handed over, so no longer in the
 * queue, but not in the history either. A message that is still in the queue needs no help.
 */
export function lostMessages(
  { waiting }: Conversation,
  history: readonly ChatMessage[],
): readonly WaitingMessage[] {
  return missingFrom(history, waiting).filter(({ result }) => result === 'sent')
}

function missingFrom(history: readonly ChatMessage[], waiting: readonly WaitingMessage[]) {
  return waiting.filter(({ id }) => !history.some((message) => message.id === id))
}
