import type { Undo } from './connection'
import type { Environment } from './environment'
import { guard } from './guard'

/** One listener in one place. The same function may be registered more than once. */
interface Registration {
  readonly listener: (payload: unknown) => void
}

/** Listeners by key; finding them takes the same time however many other keys there are. */
export interface Listeners<Key> {
  add(key: Key, listener: (payload: never) => void): Undo
  find(key: Key): ReadonlySet<Registration> | undefined
}

export function createListeners<Key>(): Listeners<Key> {
  const byKey = new Map<Key, Set<Registration>>()
  return {
    find: (key) => byKey.get(key),
    add(key, listener) {
      const registration = { listener: listener as Registration['listener'] }
      const registrations = byKey.get(key) ?? new Set()
      byKey.set(key, registrations.add(registration))
      return () => {
        if (registrations.delete(registration) && !registrations.size) byKey.delete(key)
      }
    },
  }
}

/**
 * Tells listeners, each shielded from the others. One that is added meanwhile is not told, and
 * neither is one that is removed.
 */
export function tell(
  environment: Environment,
  registrations: ReadonlySet<Registration> | undefined,
  payload: unknown,
): void {
  if (!registrations) return
  for (const registration of Array.from(registrations)) {
    if (registrations.has(registration)) {
      guard(environment, () => registration.listener(payload))
    }
  }
}
