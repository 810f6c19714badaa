import type { Schedule, Topic, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { createReader } from './reader'

/** Collects the newest messages, up to a limit. */
export interface MessageList {
  get(): readonly unknown[]
  subscribe(onChange: () => void): Undo
  update(schedule: Schedule | undefined, limit: number): void
}

export function createMessageList(source: Source, topic: Topic | undefined): MessageList {
  const messages: unknown[] = []
  let shown: readonly unknown[] = []
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
        if (isChanged) {
          trim()
          shown = messages.slice()
          isChanged = false
        }
        return shown
      },
    },
  )

  function trim(): void {
    messages.splice(0, messages.length - limit)
  }

  return {
    get: reader.get,
    subscribe: reader.subscribe,
    update(schedule, newLimit) {
      limit = newLimit
      reader.update(schedule)
    },
  }
}
