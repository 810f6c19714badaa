import { useEffect } from 'react'
import { useWebSocket, type UseWebSocketOptions } from 'wirehook'
import type { ClientMessage, ServerMessage } from '../server/chat-messages'
import { countComponent } from './component-count'

type ChatConnectionOptions = UseWebSocketOptions<ServerMessage>

/** The connection of the provider above, with the types of the chat. */
export function useChatConnection(options?: ChatConnectionOptions) {
  useEffect(countComponent, [])
  return useWebSocket<ServerMessage, ClientMessage>(undefined, options)
}
