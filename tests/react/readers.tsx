import type { ReactElement } from 'react'
import {
  useLatestMessage,
  useMessageReducer,
  useMessages,
  type MessageSource,
  type Schedule,
  type Topic,
} from 'wirehook'
import type { Message } from './live'

export interface ReaderProps {
  /** Left out for the provider's. */
  readonly source?: MessageSource<Message>
  readonly topic?: Topic
  readonly schedule?: Schedule
  readonly id?: string
}

/** How a value is written into the document. */
export function write(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

export function Latest({ source, topic, schedule, id = 'reader' }: ReaderProps): ReactElement {
  const message = useLatestMessage<Message>(topic, { source, schedule })
  return <p data-testid={id}>{write(message)}</p>
}

export function List({
  id = 'reader',
  ...options
}: ReaderProps & { readonly limit?: number }): ReactElement {
  const messages = useMessages<Message>(options)
  return <p data-testid={id}>{write(messages)}</p>
}

const append = (text: string, { type, n }: Message): string => `${text} ${type}${n}`

/** Text in which all messages stand in their order. */
export function Story({ id = 'reader', ...options }: ReaderProps): ReactElement {
  const text = useMessageReducer<string, Message>(append, 'once', options)
  return <p data-testid={id}>{write(text)}</p>
}

export interface ReaderCase {
  readonly hook: string
  readonly Reader: (props: ReaderProps) => ReactElement
  /** What the messages come to, said as plainly as possible. */
  readonly fold: (messages: readonly Message[]) => unknown
}

export const latestCase: ReaderCase = {
  hook: 'useLatestMessage',
  Reader: Latest,
  fold: (messages) => messages.at(-1),
}

export const listCase: ReaderCase = {
  hook: 'useMessages',
  Reader: List,
  fold: (messages) => messages.slice(-100),
}

export const storyCase: ReaderCase = {
  hook: 'useMessageReducer',
  Reader: Story,
  fold: (messages) => messages.reduce(append, 'once'),
}
