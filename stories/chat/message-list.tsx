import type { SendResult } from 'wirehook'
import type { ChatMessage } from '../server/chat-messages'
import type { Conversation, WaitingMessage } from './conversation'

interface MessageListProps {
  readonly reader: string
  readonly conversation: Conversation
  /** Several windows show the same messages; a screen reader should hear them from one only. */
  readonly isAnnounced: boolean
}

const stateNames: Record<SendResult, string> = {
  queued: 'Waiting for the connection',
  sent: 'Sending',
  dropped: 'Not sent',
}

export function MessageList({ reader, conversation, isAnnounced }: MessageListProps) {
  const messages = [...conversation.delivered, ...conversation.waiting]
  return (
    <div
      className="chat-log"
      role="log"
      aria-live={isAnnounced ? 'polite' : 'off'}
      aria-label={`Messages seen by ${reader}`}
      tabIndex={0}
    >
      {messages.length === 0 ? (
        <p className="chat-empty">No messages yet. Say something!</p>
      ) : (
        <ol>
          {messages.map((message) => (
            <Message key={message.id} message={message} isOwn={message.author === reader} />
          ))}
        </ol>
      )}
    </div>
  )
}

interface MessageProps {
  readonly message: ChatMessage | WaitingMessage
  readonly isOwn: boolean
}

function Message({ message, isOwn }: MessageProps) {
  return (
    <li className="chat-message" data-own={isOwn} data-member={message.author}>
      <span className="chat-author">{message.author}</span>
      <p className="chat-text">{message.text}</p>
      {'at' in message ? (
        <time dateTime={new Date(message.at).toISOString()}>{timeOf(message.at)}</time>
      ) : (
        <span className="chat-sending">{stateNames[message.result]}</span>
      )}
    </li>
  )
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
