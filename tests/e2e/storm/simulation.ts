import { createConnection, type Connection } from 'wirehook/core'
import { createFakeEnvironment, type FakeSocket } from '../../fake-environment'
import { createSeededRandom } from '../../rig/network/seeded-random'

/** Many clients of one server, in simulated time. */
export interface Crowd {
  readonly connections: readonly Connection[]
  /** When sockets were asked for, in milliseconds since 1970. */
  readonly attempts: readonly number[]
  now(): number
  advance(durationMs: number): Promise<void>
  /** The server is there, or refuses everybody from now on. */
  setUp(isUp: boolean): void
  /** Drops every client at once, without a close frame or with that code. */
  dropAll(code?: number): void
  countOpen(): number
}

/** How long an answer of the server takes, whatever it is. */
const answerMs = 1

/** Clients with default options, all of them open. */
export async function openCrowd(size: number, seed: number): Promise<Crowd> {
  const environment = createFakeEnvironment()
  const attempts: number[] = []
  const live = new Set<FakeSocket>()
  let isUp = true

  function createSocket(url: string, protocols: string[]): FakeSocket {
    const socket = environment.createSocket(url, protocols) as FakeSocket
    attempts.push(environment.now())
    environment.setTimer(() => {
      if (!isUp) return socket.cut()
      live.add(socket)
      void socket.open()
    }, answerMs)
    return socket
  }

  const world = { ...environment, createSocket, random: createSeededRandom(seed) }
  const connections = Array.from({ length: size }, () =>
    createConnection('wss://a.example/', { environment: world }),
  )
  connections.forEach((connection) => connection.lease())
  await environment.advance(100)

  return {
    connections,
    attempts,
    now: environment.now,
    advance: environment.advance,
    setUp(value) {
      isUp = value
    },
    dropAll(code) {
      for (const socket of live) {
        if (code === undefined) socket.cut()
        else socket.closeWith(code)
      }
      live.clear()
    },
    countOpen: () =>
      connections.filter((connection) => connection.getSnapshot().status === 'open').length,
  }
}
