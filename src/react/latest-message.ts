import type { Topic } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { createReader, type Reader } from './reader'

type Select = (message: never) => unknown
type IsEqual = (before: never, after: never) => boolean

/** Reads the newest message of a topic, and what is selected from it. */
export interface LatestMessage extends Reader<unknown> {
  /** The same value as before if it is equal. */
  select(select: Select | undefined, isEqual: IsEqual): unknown
}

export function createLatestMessage(source: Source, topic: Topic | undefined): LatestMessage {
  let newest: unknown
  let lastMessage: unknown
  let lastSelect: Select | undefined
  let selected: unknown

  const reader = createReader(
    source,
    { topic },
    {
      add: (message) => (newest = message),
      read() {
        const kept = source.find()?.getLastMessage(topic)
        // The connection keeps a limited number of topics; what was seen here stays.
        if (kept !== undefined) newest = kept
        return newest
      },
    },
  )

  return {
    ...reader,
    select(select, isEqual) {
      const message = reader.get()
      if (message === lastMessage && select === lastSelect) return selected
      const next = select && message !== undefined ? select(message as never) : message
      const isFirst = lastMessage === undefined || message === undefined
      if (isFirst || !isEqual(selected as never, next as never)) selected = next
      lastMessage = message
      lastSelect = select
      return selected
    },
  }
}
