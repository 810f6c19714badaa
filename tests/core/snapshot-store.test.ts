import { describe, expect, it } from 'vitest'
import { createSnapshotStore, idleSnapshot } from '../../src/core/snapshot-store'

function setUp() {
  const seen: unknown[] = []
  const store = createSnapshotStore(() => seen.push(store.get()))
  return { store, seen }
}

it('begins idle', () => {
  const { store } = setUp()
  expect(store.get()).toBe(idleSnapshot)
  expect(idleSnapshot).toEqual({
    status: 'idle',
    attempt: 0,
    retryAt: null,
    pausedBy: null,
    lastClose: null,
    error: null,
    latencyMs: null,
    queued: 0,
    invalidMessages: 0,
  })
})

describe('an update', () => {
  it('shows at once, as a new object, before anybody is told', () => {
    const { store, seen } = setUp()
    store.update({ status: 'connecting' })
    expect(store.get()).toEqual({ ...idleSnapshot, status: 'connecting' })
    expect(seen).toEqual([store.get()])
    expect(idleSnapshot.status).toBe('idle')
  })

  it('that changes nothing keeps the object and tells nobody', () => {
    const { store, seen } = setUp()
    store.update({ status: 'open', attempt: 0 })
    const before = store.get()
    store.update({ status: 'open', queued: 0 })
    store.update({})
    expect(store.get()).toBe(before)
    expect(seen).toHaveLength(1)
  })

  it('leaves snapshots that were taken before as they were', () => {
    const { store } = setUp()
    store.update({ queued: 1 })
    const before = store.get()
    store.update({ queued: 2 })
    expect(before.queued).toBe(1)
  })
})

describe('an update that may wait', () => {
  it('shows by the end of the task, once for all of them', async () => {
    const { store, seen } = setUp()
    store.updateSoon({ queued: 1 })
    store.updateSoon({ queued: 2, latencyMs: 8 })
    store.updateSoon({ queued: 3 })
    expect(store.get()).toBe(idleSnapshot)
    await Promise.resolve()
    expect(seen).toEqual([{ ...idleSnapshot, queued: 3, latencyMs: 8 }])
  })

  it('shows together with one that may not wait, which wins', async () => {
    const { store, seen } = setUp()
    store.updateSoon({ queued: 1, latencyMs: 8 })
    store.update({ status: 'closed', latencyMs: null })
    expect(store.get()).toEqual({ ...idleSnapshot, status: 'closed', queued: 1 })
    await Promise.resolve()
    expect(seen).toHaveLength(1)
  })

  it('tells nobody if it has taken itself back', async () => {
    const { store, seen } = setUp()
    store.updateSoon({ queued: 1 })
    store.updateSoon({ queued: 0 })
    await Promise.resolve()
    expect(store.get()).toBe(idleSnapshot)
    expect(seen).toEqual([])
  })

  it('works again afterwards', async () => {
    const { store, seen } = setUp()
    store.updateSoon({ queued: 1 })
    await Promise.resolve()
    store.updateSoon({ queued: 2 })
    await Promise.resolve()
    expect(store.get().queued).toBe(2)
    expect(seen).toHaveLength(2)
  })
})
