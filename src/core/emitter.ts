import type { Undo } from './connection'
import type { Environment } from './environment'
import { createListeners, tell } from './listeners'

export interface Emitter<Events extends Record<keyof Events, (payload: never) => void>> {
  on<Name extends keyof Events>(name: Name, listener: Events[Name]): Undo
  /**
   * Tells the listeners, after everything emitted before has been told.
   *
   * @param isVoid asked when it is its turn: what came before may have changed everything
   */
  emit<Name extends keyof Events>(
    name: Name,
    payload: Parameters<Events[Name]>[0],
    isVoid?: () => boolean,
  ): void
  /** Runs `work` and tells what it emits only afterwards, so that listeners find it finished. */
  holdWhile(work: () => void): void
}

/** Typed listeners by name. */
export function createEmitter<Events extends Record<keyof Events, (payload: never) => void>>(
  environment: Environment,
): Emitter<Events> {
  const listeners = createListeners<keyof Events>()
  const untold: (() => void)[] = []
  let isHeld = false

  function tellAll(): void {
    if (isHeld) return
    isHeld = true
    for (let next = untold.shift(); next; next = untold.shift()) next()
    isHeld = false
  }

  return {
    on: listeners.add,
    emit(name, payload, isVoid) {
      untold.push(() => {
        if (!isVoid?.()) tell(environment, listeners.find(name), payload)
      })
      tellAll()
    },
    holdWhile(work) {
      const wasHeld = isHeld
      isHeld = true
      try {
        work()
      } finally {
        isHeld = wasHeld
      }
      tellAll()
    },
  }
}
