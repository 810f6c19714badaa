import type { Schedule, Topic, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { createReader, type Reader } from './reader'

export type Reduce<State> = (state: State, message: unknown) => State

/** Folds messages into one value. */
export interface MessageFold<State> {
  /** @param initial where it starts; the first one counts */
  get(initial: State): State
  subscribe(onChange: () => void): Undo
  update(schedule: Schedule | undefined, reduce: Reduce<State>): void
}

export function createMessageFold<State>(
  source: Source,
  topic: Topic | undefined,
): MessageFold<State> {
  let reader: Reader<State> | undefined
  let reduce: Reduce<State> = (state) => state

  function start(initial: State): Reader<State> {
    let state = initial
    return createReader(
      source,
      { topic },
      {
        add: (message) => (state = reduce(state, message)),
        read: () => state,
      },
    )
  }

  return {
    get: (initial) => (reader ??= start(initial)).get(),
    subscribe: (onChange) => reader?.subscribe(onChange) ?? (() => {}),
    update(schedule, newest) {
      reduce = newest
      reader?.update(schedule)
    },
  }
}
