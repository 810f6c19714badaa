import type { ConnectionSnapshot } from './connection'

export const idleSnapshot: ConnectionSnapshot = {
  status: 'idle',
  attempt: 0,
  retryAt: null,
  pausedBy: null,
  lastClose: null,
  error: null,
  latencyMs: null,
  queued: 0,
  invalidMessages: 0,
}

export interface SnapshotStore {
  get(): ConnectionSnapshot
  /** Shows the change at once. */
  update(change: Partial<ConnectionSnapshot>): void
  /** Shows the change by the end of the task: for what may change a thousand times in it. */
  updateSoon(change: Partial<ConnectionSnapshot>): void
}

/** @param onChange called when a field has another value than before */
export function createSnapshotStore(onChange: () => void): SnapshotStore {
  let snapshot = idleSnapshot
  let pending: Partial<ConnectionSnapshot> | null = null

  function update(change: Partial<ConnectionSnapshot>): void {
    const next = { ...snapshot, ...pending, ...change }
    pending = null
    const names = Object.keys(next) as (keyof ConnectionSnapshot)[]
    if (names.every((name) => next[name] === snapshot[name])) return
    snapshot = next
    onChange()
  }

  return {
    get: () => snapshot,
    update,
    updateSoon(change) {
      if (!pending) void Promise.resolve().then(() => update({}))
      pending = Object.assign(pending ?? {}, change)
    },
  }
}
