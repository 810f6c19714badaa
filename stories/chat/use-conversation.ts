import { useEffect, useReducer } from 'react'
import type { ServerMessage } from '../server/chat-messages'
import { converse, emptyConversation, lostMessages, type WaitingMessage } from './conversation'
import { createMessageId } from './message-id'
import { useChatConnection } from './use-chat-connection'

/** What has been said in the room, and a way for `author` to say something. */
export function useConversation(author: string) {
  const [conversation, dispatch] = useReducer(converse, emptyConversation)
  const { sendJSON } = useChatConnection({ onMessage: hear })

  // The server tells the history to each new socket; a window opened later has to ask for it.
  useEffect(() => {
    sendJSON({ type: 'replay' }, { whenClosed: 'drop' })
  }, [sendJSON])

  function hear(message: ServerMessage): void {
    dispatch(message)
    if (message.type !== 'history') return
    for (const lost of lostMessages(conversation, message.messages)) transmit(lost)
  }

  function say(text: string): void {
    const message = { id: createMessageId(), author, text }
    dispatch({ type: 'said', message: { ...message, result: transmit(message) } })
  }

  function transmit({ id, text }: Pick<WaitingMessage, 'id' | 'text'>) {
    return sendJSON({ type: 'say', id, author, text })
  }

  return { conversation, say }
}
