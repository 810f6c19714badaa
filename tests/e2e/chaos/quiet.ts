import { setTimeout as wait } from 'node:timers/promises'
import type { ChaosClient, ClientSends } from './client'
import type { ChaosRecord } from './history'

/** How long everything may take to be well again, many times what it takes on a quiet machine. */
const patienceMs = 15_000
const pollMs = 10

/** A question is sent this often until one is answered, for a dead link takes some with it. */
const askMs = 50

const question: ClientSends = {
  type: 'client sends',
  count: 1,
  bytes: 0,
  isBinary: false,
  replaceKey: undefined,
  ttlMs: undefined,
  whenClosed: 'queue',
}

/** @returns whether it came to that in time */
export async function cameToBe(holds: () => boolean): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (!holds()) {
    if (performance.now() > deadline) return false
    await wait(pollMs)
  }
  return true
}

/**
 * Sends questions until one is answered, and waits until nothing is under way.
 *
 * @param readNewest the number of the newest socket
 * @returns whether it came to that in time
 */
export function becameLive(
  client: ChaosClient,
  records: readonly ChaosRecord[],
  readNewest: () => number,
): Promise<boolean> {
  const since = records.length
  let askedAt = -Infinity
  return cameToBe(() => {
    const { status, queued } = client.connection.getSnapshot()
    const isIdle = status === 'open' && !queued
    const isAnswered = hasAnswer(records.slice(since))
    if (isIdle && !isAnswered && performance.now() - askedAt > askMs) {
      askedAt = performance.now()
      client.send(question, true)
    }
    return isIdle && isAnswered && isThrough(records, readNewest())
  })
}

/** Whether the server has sent something that listeners were told. */
function hasAnswer(records: readonly ChaosRecord[]): boolean {
  const served = new Set(records.map((entry) => (entry.type === 'served' ? entry.seq : 0)))
  return records.some((entry) => entry.type === 'told' && served.has(entry.seq))
}

/** Whether all that a socket was given, at either end, has come out at the other. */
function isThrough(records: readonly ChaosRecord[], socket: number): boolean {
  const count = (type: 'handed' | 'arrived' | 'served' | 'told'): number =>
    records.filter((entry) => entry.type === type && entry.socket === socket).length
  return count('arrived') === count('handed') && count('told') === count('served')
}
