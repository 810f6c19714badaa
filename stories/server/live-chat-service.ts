import type { ChatDraft, ChatFromServer, ChatMessage } from '../../docs/recipes/live-chat.js'
import type { Client, Service, UnknownMessage } from './client.js'
import { readObject, readText } from './message-fields.js'

const historyLength = 50
const maxRoomsPerClient = 10

/** Chat rooms that keep what was said. What has "spam" in it is refused, to show what happens then. */
export function createLiveChatService(): Service {
  const members = new Map<Client, Set<string>>()
  let history: readonly ChatMessage[] = []

  function tellRoom(room: string, event: ChatFromServer, exceptFor?: Client): void {
    for (const [client, rooms] of members) {
      if (client !== exceptFor && rooms.has(room)) client.tell(event)
    }
  }

  function join(client: Client, room: string): void {
    const rooms = members.get(client)
    if (!rooms || rooms.size >= maxRoomsPerClient) return
    rooms.add(room)
    const messages = history.filter((message) => message.room === room)
    tell(client, { type: 'history', room, messages })
  }

  /** @returns why it was refused, or `null` */
  function publish(draft: ChatDraft): string | null {
    if (/\bspam\b/i.test(draft.text)) return 'The server takes no spam.'
    // A message that was sent again, because its sender got no answer, is taken once.
    if (history.some(({ id }) => id === draft.id)) return null
    const message = { ...draft, at: Math.max(Date.now(), (history.at(-1)?.at ?? 0) + 1) }
    history = [...history, message].slice(-historyLength)
    tellRoom(message.room, { type: 'message', message })
    return null
  }

  return {
    onJoin: (client) => void members.set(client, new Set()),
    onLeave: (client) => void members.delete(client),
    onMessage(client, message) {
      const room = readText(message, 'room', 40)
      const author = readText(message, 'author', 40)
      if (message.type === 'join' && room) join(client, room)
      else if (message.type === 'typing' && room && author) {
        tellRoom(room, { type: 'typing', room, author }, client)
      } else if (message.type === 'say') {
        const draft = readDraft(message)
        const error = draft ? publish(draft) : 'That is no message.'
        client.tell({ id: message.id, error })
      } else client.close(1008, 'Not a chat message')
    },
  }
}

function tell(client: Client, event: ChatFromServer): void {
  client.tell(event)
}

function readDraft(message: UnknownMessage): ChatDraft | null {
  const draft = readObject(message, 'message') ?? {}
  const id = readText(draft, 'id', 64)
  const room = readText(draft, 'room', 40)
  const author = readText(draft, 'author', 40)
  const text = readText(draft, 'text', 500)
  return id && room && author && text ? { id, room, author, text } : null
}
