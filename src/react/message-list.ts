import type { Schedule, Topic, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { createReader } from './reader'

/** Collects the newest messages, up to a limit. */
export interface MessageList {
  /** The same array as long as nothing was added; not more than the limit, which may have shrunk. */
  get(limit: number): readonly unknown[]
  subscribe(onChange: () => void): Undo
  update(schedule: Schedule | undefined, limit: number): void
}

export const noMessages: readonly never[] = []

export function createMessageList(source: Source, topic: Topic | undefined): MessageList {
  const messages: unknown[] = []
  let collected: readonly unknown[] = noMessages
  let cut = { from: collected, limit: 0, messages: collected }
  let isChanged = false
  let limit = 0

  const reader = createReader<readonly unknown[]>(
    source,
    { topic },
    {
      add(message) {
        messages.push(message)
        isChanged = true
        // In steps, for taking one away from the front moves all the others.
        if (messages.length > 2 * limit) trim()
      },
      read() {
        if (isChanged) collect()
        return collected
      },
    },
  )

  function trim(): void {
    messages.splice(0, messages.length - limit)
  }

  function collect(): void {
    isChanged = false
    trim()
    collected = messages.length ? messages.slice() : noMessages
  }

  return {
    get(newLimit) {
      const from = reader.get()
      if (from.length <= newLimit) return from
      if (from !== cut.from || newLimit !== cut.limit) {
        cut = { from, limit: newLimit, messages: from.slice(from.length - newLimit) }
      }
      return cut.messages
    },
    subscribe: reader.subscribe,
    update(schedule, newLimit) {
      limit = newLimit
      reader.update(schedule)
    },
  }
}
