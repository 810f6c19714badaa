import type { Undo } from './connection'
import type { Environment } from './environment'
import { guard } from './guard'

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

/**
 * Typed listeners by name. Each registration stands for itself, also of the same function. One that
 * is added while an event is told does not get that event, and neither does one that is removed. A
 * listener that throws stops no other.
 */
export function createEmitter<Events extends Record<keyof Events, (payload: never) => void>>(
  environment: Environment,
): Emitter<Events> {
  type Registration = { readonly listener: (payload: unknown) => void }
  const registrations = new Map<keyof Events, Set<Registration>>()
  const untold: (() => void)[] = []
  let isHeld = false

  function tellAll(): void {
    if (isHeld) return
    isHeld = true
    for (let next = untold.shift(); next; next = untold.shift()) next()
    isHeld = false
  }

  return {
    on(name, listener) {
      const registration = { listener: listener as unknown as Registration['listener'] }
      const named = registrations.get(name) ?? new Set()
      registrations.set(name, named.add(registration))
      return () => named.delete(registration)
    },
    emit(name, payload, isVoid) {
      untold.push(() => {
        const named = registrations.get(name)
        if (!named || isVoid?.()) return
        for (const registration of Array.from(named)) {
          if (named.has(registration)) guard(environment, () => registration.listener(payload))
        }
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
