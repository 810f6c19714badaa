import type { ReactElement } from 'react'
import { useLatestMessage, useMessageReducer, useMessages } from 'wirehook'

interface ReaderProps {
  readonly source: string
}

function textOf(message: unknown): string {
  const { text } = Object(message) as { text?: unknown }
  return typeof text === 'string' ? text : JSON.stringify(message)
}

/** Shows the newest message of type `news`. */
export function LatestNews({ source }: ReaderProps): ReactElement {
  const text = useLatestMessage('news', { source, select: textOf })
  return <p id="latest">{text}</p>
}

/** Shows how many messages there are in a list without a limit. */
export function MessageCount({ source }: ReaderProps): ReactElement {
  return <p id="list">{useMessages({ source, limit: Infinity }).length}</p>
}

/** Adds up the `n` of all messages. */
export function Total({ source }: ReaderProps): ReactElement {
  const add = (sum: number, message: { n?: number }): number => sum + (message.n ?? 0)
  return <p id="total">{useMessageReducer(add, 0, { source })}</p>
}
