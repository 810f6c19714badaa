import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createConnection, type Connection } from 'wirehook/core'
import { startLiveServer } from '../../rig/live-server'
import { createSeededRandom } from '../../rig/network/seeded-random'
import {
  capMs,
  countPerBucket,
  expectPerBucket,
  findMean,
  highestByChance,
  readClient,
  type StormClient,
} from './arrivals'
import { openCrowd } from './simulation'

/*
 * What is looked at are the arrivals at the server that is back, in 100 ms each. "The mean" is that
 * of clients who come evenly over the window of their backoff, which after an outage of 2 s is 3.5 s
 * on average.
 *
 * It is not the mean from the first arrival to the last. A few clients have drawn short waits one
 * after the other, and are in windows of 8 s or more already: 95 of 100 clients are back within 4 s,
 * the last one of 500 after 7 to 21 s. Against such a mean any peak is 5 to 17 times as high, and
 * how many times depends on one straggler.
 *
 * Full jitter does not spread evenly either: what is left of a window is more often short than long.
 * 32 of 500 clients come in each of the first 100 ms, then fewer, against a mean of 14. So the peak
 * is 2.3 times the mean, and in one storm, by chance, up to 3.4 times. The promise is therefore held
 * against the average of many storms; a single one is held against what full jitter brings at that
 * moment, and what chance may add to it.
 */

const clientCount = 500
const outageMs = 2000
const largestPeak = 3

function expectJitter(clients: readonly StormClient[], arrivals: readonly number[]): void {
  const counts = countPerBucket(arrivals)
  const expected = expectPerBucket(clients, counts.length)
  counts.forEach((count, bucket) => {
    expect(count, `${bucket}00 ms after`).toBeLessThan(highestByChance(expected[bucket] ?? 0))
  })
}

function describeStorm(clients: readonly StormClient[], arrivals: readonly number[]): string {
  const peak = Math.max(...countPerBucket(arrivals))
  const mean = findMean(clients)
  const last = (Math.max(...arrivals) / 1000).toFixed(1)
  const ratio = (peak / mean).toFixed(1)
  return `peak ${peak}, mean ${mean.toFixed(0)} per 100 ms (${ratio}), all back after ${last} s`
}

describe('500 clients that lose their server for 2 s', { tags: ['fault-storm'] }, () => {
  async function simulate(seed: number) {
    const crowd = await openCrowd(clientCount, seed)
    expect(crowd.countOpen()).toBe(clientCount)
    crowd.setUp(false)
    crowd.dropAll()
    await crowd.advance(outageMs)
    const back = crowd.now()
    const clients = crowd.connections.map((connection) => readClient(connection, back))
    const refused = crowd.attempts.length
    crowd.setUp(true)
    await crowd.advance(capMs + 100)
    expect(crowd.countOpen()).toBe(clientCount)
    const arrivals = crowd.attempts.slice(refused).map((at) => at - back)
    return { clients, arrivals }
  }

  it('come back as full jitter has it, in simulated time', { timeout: 120_000 }, async () => {
    const storms = []
    for (let seed = 1; seed <= 20; seed += 1) storms.push(await simulate(seed))
    for (const { clients, arrivals } of storms) {
      expectJitter(clients, arrivals)
      expect(arrivals.length).toBeLessThanOrEqual(clientCount)
      expect(Math.max(...arrivals)).toBeLessThan(capMs)
    }
    const allClients = storms.flatMap(({ clients }) => clients)
    const allArrivals = storms.flatMap(({ arrivals }) => arrivals)
    const peak = Math.max(...countPerBucket(allArrivals))
    console.info(
      `storm, simulated ${storms.length} times: ${describeStorm(allClients, allArrivals)}`,
    )
    expect(peak).toBeLessThanOrEqual(largestPeak * findMean(allClients))
  })

  it('come back as full jitter has it, for real', { timeout: 120_000 }, async () => {
    const server = await startLiveServer()
    const { connections, attempts } = openMany(`${server.url}/live`)
    onTestFinished(async () => {
      connections.forEach((connection) => connection.close())
      await server.stop()
    })
    await until(() => server.connected === clientCount)
    await server.stop()
    await wait(outageMs)
    const back = Date.now()
    const clients = connections.map((connection) => readClient(connection, back))
    const refused = attempts.map((times) => times.length)
    await server.start()
    await until(() => isAllOpen(connections) && server.connected === clientCount)

    // On a busy machine timers come late, and together. So the peak is that of what the clients
    // chose, and each comes when it has chosen to, or later.
    const chosen = clients.map(({ dueAt }) => Math.max(0, dueAt))
    const seen = attempts.map((times, client) => (times[refused[client] ?? 0] ?? NaN) - back)
    console.info(`storm, for real, as chosen: ${describeStorm(clients, chosen)}`)
    console.info(`storm, for real, as seen: ${describeStorm(clients, seen)}`)
    expectJitter(clients, chosen)
    expect(Math.max(...seen)).toBeLessThan(capMs)
    seen.forEach((at, client) => expect(at).toBeGreaterThanOrEqual((chosen[client] ?? 0) - 2))
    expect(server.totalConnections).toBe(2 * clientCount)
  })
})

describe('a deploy that closes 2,000 clients with 1012', { tags: ['fault-37'] }, () => {
  it('has them back in the first window, evenly', { timeout: 60_000 }, async () => {
    const crowd = await openCrowd(2000, 1)
    const closedAt = crowd.now()
    const before = crowd.attempts.length
    crowd.dropAll(1012)
    const clients = crowd.connections.map((connection) => readClient(connection, closedAt))
    await crowd.advance(600)
    const arrivals = crowd.attempts.slice(before).map((at) => at - closedAt)
    expect(crowd.countOpen()).toBe(2000)
    expect(arrivals).toHaveLength(2000)
    expect(Math.min(...arrivals)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...arrivals)).toBeLessThan(500)
    expectJitter(clients, arrivals)
    console.info(`deploy: ${describeStorm(clients, arrivals)}`)
    expect(Math.max(...countPerBucket(arrivals))).toBeLessThanOrEqual(
      largestPeak * findMean(clients),
    )
  })
})

/** Real connections with default options, but for numbers that are random in the same way each time. */
function openMany(url: string): { connections: Connection[]; attempts: number[][] } {
  const random = createSeededRandom(1)
  const attempts = Array.from({ length: clientCount }, (): number[] => [])
  const connections = attempts.map((times) => {
    const createSocket = (address: string, protocols: string[]): WebSocket => {
      times.push(Date.now())
      return new WebSocket(address, protocols)
    }
    const connection = createConnection(url, { environment: { createSocket, random } })
    connection.lease()
    return connection
  })
  return { connections, attempts }
}

function isAllOpen(connections: readonly Connection[]): boolean {
  return connections.every((connection) => connection.getSnapshot().status === 'open')
}

/** Gives up by the time-out of the test. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(10)
}
