import type { Client, Service, UnknownMessage } from './client.js'

/** What can be asked. */
export interface Question {
  /** Whether the answer is the sum, or that it does not want to add. */
  readonly op: 'add' | 'refuse'
  readonly terms: readonly number[]
  /** How long the server thinks about it. */
  readonly afterMs: number
}

/** What comes back, beside the id of the question. */
export interface Answer {
  readonly sum: number
}

const longestMs = 10_000

/**
 * Answers a question with the id that came with it, and tells everybody how many answers it has given:
 * `{ type: 'answered', count: 3 }`. Whether somebody still waits for one, it cannot know.
 */
export function createAnswerService(): Service {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let count = 0

  function answer(client: Client, { id, op, terms }: UnknownMessage): void {
    count += 1
    if (op === 'add') client.tell({ id, sum: add(terms) })
    else client.tell({ id, error: { message: 'I would rather not.' } })
    client.tell({ type: 'answered', count })
  }

  return {
    onMessage(client, message) {
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          answer(client, message)
        },
        Math.min(Number(message.afterMs) || 0, longestMs),
      )
      timers.add(timer)
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  }
}

function add(terms: unknown): number {
  return Array.isArray(terms) ? terms.reduce<number>((sum, term) => sum + Number(term), 0) : 0
}
