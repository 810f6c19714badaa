import { useSyncExternalStore } from 'react'

let count = 0
const listeners = new Set<() => void>()

/** Counts one mounted component until the returned function is called. */
export function countComponent(): () => void {
  add(1)
  return () => add(-1)
}

/** How many mounted components use the chat connection. */
export function useComponentCount(): number {
  return useSyncExternalStore(subscribe, () => count)
}

function add(difference: number): void {
  count += difference
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
