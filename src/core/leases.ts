import type { Undo } from './connection'
import type { Environment } from './environment'
import { createTimer } from './timer'

/** Counts users. Says when the first one came, and when the last one has been gone for a while. */
export interface Leases {
  readonly count: number
  take(): Undo
}

/** @param onFirst called in a microtask, so that everybody who comes in the same task is there */
export function createLeases(
  environment: Environment,
  readLingerMs: () => number,
  onFirst: () => void,
  onLast: () => void,
): Leases {
  const linger = createTimer(environment)
  const held = new Set<object>()
  return {
    get count() {
      return held.size
    },
    take() {
      const lease = {}
      held.add(lease)
      linger.stop()
      if (held.size === 1) void Promise.resolve().then(() => held.size && onFirst())
      return () => {
        if (held.delete(lease) && !held.size) linger.set(environment.now() + readLingerMs(), onLast)
      }
    },
  }
}
