import type { Environment } from './environment'
import { guard } from './guard'

/** What may take its time, or be there at once. */
export type Eventually<Value> = Value | Promise<Value>

/** By shape, for promises come from other realms and libraries. Most values are text, which is told fast. */
export function isPromise<Value>(value: Eventually<Value>): value is Promise<Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}

/** Goes on with a value now if it is there now, so that what needs no time takes none. */
export function proceed<Value, Result>(
  value: Eventually<Value>,
  work: (value: Value) => Eventually<Result>,
): Eventually<Result> {
  return isPromise(value) ? value.then(work) : work(value)
}

/** Does work that may fail, at once or eventually, and goes on with what is made of the failure. */
export function rescue<Value>(
  work: () => Eventually<Value>,
  onFailure: (cause: unknown) => Value,
): Eventually<Value> {
  try {
    const value = work()
    return isPromise(value) ? value.then((settled) => settled, onFailure) : value
  } catch (cause) {
    return onFailure(cause)
  }
}

/**
 * Takes values in the order in which they were announced: at once while none is awaited, else after
 * those before.
 *
 * @param value must not reject
 */
export type Sequence = <Value>(value: Eventually<Value>, take: (value: Value) => void) => void

export function createSequence(environment: Environment): Sequence {
  let awaited = 0
  let last: Promise<void> = Promise.resolve()
  return (value, take) => {
    if (!awaited && !isPromise(value)) return take(value)
    awaited += 1
    last = last
      .then(() => value)
      .then((result) => {
        awaited -= 1
        guard(environment, () => take(result))
      })
  }
}
