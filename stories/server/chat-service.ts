import { parseClientMessage, type ChatMessage } from './chat-messages.js'
import type { Audience, Service } from './client.js'

const historyLength = 50

/** A chat that keeps what was said and tells how many sockets listen. */
export function createChatService({ tellAll, count }: Audience): Service {
  let history: readonly ChatMessage[] = []

  /** A message that was sent again, because its sender saw no echo, is taken once. */
  function publish(message: ChatMessage): void {
    if (history.some(({ id }) => id === message.id)) return
    history = [...history, message].slice(-historyLength)
    tellAll(message)
  }

  const tellPresence = (): void => tellAll({ type: 'presence', sockets: count() })

  return {
    onJoin(client) {
      client.tell({ type: 'history', messages: history })
      tellPresence()
    },
    onLeave: tellPresence,
    onMessage(client, unknownMessage) {
      const message = parseClientMessage(unknownMessage)
      if (!message) client.close(1008, 'Not a chat message')
      else if (message.type === 'replay') client.tell({ type: 'history', messages: history })
      else publish({ ...message, type: 'message', at: Date.now() })
    },
  }
}
