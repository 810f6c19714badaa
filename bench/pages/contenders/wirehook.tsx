import {
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useWebSocket,
  WebSocketProvider,
} from 'wirehook'
import { boardOf } from '../board'
import { addToQuote, noQuote, type Contender } from '../contender'
import type { Message } from '../message'

const topicOf = (message: unknown): string => (message as Message).topic
const isPong = (message: unknown): boolean => 'pong' in (message as object)

export const wirehook: Contender = {
  name: 'wirehook',
  Connection: ({ url, heartbeatMs, maxDelayMs, children }) => (
    <WebSocketProvider
      url={url}
      topicOf={topicOf}
      queue={{ maxMessages: Infinity, maxBytes: Infinity }}
      heartbeat={
        heartbeatMs !== undefined && {
          intervalMs: heartbeatMs,
          timeoutMs: heartbeatMs,
          ping: { ping: 1 },
          isPong,
        }
      }
      reconnect={{ ...(maxDelayMs !== undefined && { maxDelayMs }) }}
    >
      {children}
    </WebSocketProvider>
  ),
  useStatus() {
    const { status, sendJSON } = useWebSocket()
    return { isOpen: status === 'open', send: sendJSON }
  },
  useLatest: () => useLatestMessage<Message>(),
  useListener: (listener) => useMessage(listener),
  useList: () => useMessages<Message>({ limit: Infinity }),
  Board: boardOf((topic) => useMessageReducer(addToQuote, noQuote, { topic })),
}

/** The same, for who shows the newest message in the widespread way. */
export const wirehookLastMessage: Contender = {
  ...wirehook,
  name: 'wirehook, lastMessage',
  useLatest: () => useWebSocket<Message>().lastMessage,
}
