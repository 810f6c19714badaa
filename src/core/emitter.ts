import type { Undo } from './connection'

type Payload<Listener> = Listener extends (...payload: infer Values) => void ? Values : never

export interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: Events[Name]): Undo
  /** Tells the listeners, after everything emitted before has been told. */
  emit<Name extends keyof Events>(name: Name, ...payload: Payload<Events[Name]>): void
  /** Runs `work` and tells what it emits only afterwards, so that listeners find it finished. */
  holdWhile(work: () => void): void
}

/**
 * Typed listeners by name. Each registration stands for itself, also of the same function. One that
 * is added while an event is told does not get that event, and neither does one that is removed.
 *
 * @param reportError gets what a listener throws; the others are still called
 */
export function createEmitter<Events>(reportError: (error: unknown) => void): Emitter<Events> {
  type Registration = { readonly listener: (...payload: unknown[]) => void }
  const registrations = new Map<keyof Events, Set<Registration>>()
  const untold: (() => void)[] = []
  let isHeld = false

  function tell(name: keyof Events, payload: unknown[]): void {
    const named = registrations.get(name)
    for (const registration of named ? [...named] : []) {
      if (!named?.has(registration)) continue
      try {
        registration.listener(...payload)
      } catch (error) {
        reportError(error)
      }
    }
  }

  function tellAll(): void {
    if (isHeld) return
    isHeld = true
    for (let next = untold.shift(); next; next = untold.shift()) next()
    isHeld = false
  }

  return {
    on(name, listener) {
      const registration = { listener: listener as Registration['listener'] }
      const named = registrations.get(name) ?? new Set()
      registrations.set(name, named.add(registration))
      return () => named.delete(registration)
    },
    emit(name, ...payload) {
      untold.push(() => tell(name, payload))
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
