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
  let lastMessage: unknown
  let lastSelect: Select | undefined
  let selected: unknown

  // The connection keeps the newest message of every topic that somebody reads.
  const reader = createReader(
    source,
    { topic },
    {
      add() {},
      read: () => source.find()?.getLastMessage(topic),
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
