import type { Connection } from 'wirehook/core'

/** A client, at the moment in which the server comes back. Times are counted from then. */
export interface StormClient {
  /** The number of its next retry. */
  readonly retry: number
  /** When it began to wait for that. */
  readonly waitsSince: number
  /** When it will come. */
  readonly dueAt: number
}

const bucketMs = 100

/** The backoff as `docs/reliability.md` tells it. */
const floorMs = 50
const firstWindowMs = 500
export const capMs = 30_000

export function readClient(connection: Connection, now: number): StormClient {
  const { attempt, lastClose, retryAt } = connection.getSnapshot()
  return {
    retry: attempt,
    waitsSince: (lastClose?.at ?? now) - now,
    // Without a time, its attempt is under way.
    dueAt: (retryAt ?? now) - now,
  }
}

function windowOf({ retry }: StormClient): number {
  return Math.min(capMs, firstWindowMs * 2 ** (retry - 1))
}

/** How many of these times there are in each 100 ms from 0 on. */
export function countPerBucket(times: readonly number[]): number[] {
  const counts = Array.from({ length: Math.floor(Math.max(...times) / bucketMs) + 1 }, () => 0)
  for (const time of times) {
    const bucket = Math.max(0, Math.floor(time / bucketMs))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

/**
 * How many clients full jitter brings in each 100 ms: each client comes at any moment of what is
 * left of its window with the same probability.
 */
export function expectPerBucket(clients: readonly StormClient[], bucketCount: number): number[] {
  return Array.from({ length: bucketCount }, (_, bucket) =>
    clients.reduce((sum, client) => sum + findShare(client, bucket * bucketMs), 0),
  )
}

function findShare(client: StormClient, from: number): number {
  const start = Math.max(0, client.waitsSince + floorMs)
  const end = client.waitsSince + windowOf(client)
  if (end <= start) return Number(from === 0)
  return Math.max(0, Math.min(from + bucketMs, end) - Math.max(from, start)) / (end - start)
}

/**
 * How many clients would come in each 100 ms if they came evenly over the window of their backoff:
 * the average one, for they are not all at the same retry.
 */
export function findMean(clients: readonly StormClient[]): number {
  const averageWindowMs =
    clients.reduce((sum, client) => sum + windowOf(client), 0) / clients.length
  return clients.length / (averageWindowMs / bucketMs)
}

/** A count whose expectation is this is above that less than once in a million times. */
export function highestByChance(expected: number): number {
  return expected + 5 * Math.sqrt(expected) + 5
}
