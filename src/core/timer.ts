import type { Environment } from './environment'

/** One alarm at a time. */
export interface Timer {
  /** Calls back at a time in milliseconds since 1970, instead of any alarm set before; never for `Infinity`. */
  set(at: number, callback: () => void): void
  stop(): void
}

export function createTimer(environment: Environment): Timer {
  let cancel = (): void => {}
  return {
    set(at, callback) {
      cancel()
      const delayMs = Math.max(0, at - environment.now())
      cancel = delayMs < Infinity ? environment.setTimer(callback, delayMs) : () => {}
    },
    stop: () => cancel(),
  }
}
