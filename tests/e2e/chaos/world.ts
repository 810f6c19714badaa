import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from 'wirehook/core'
import { startFaultProxy } from '../../rig/network/fault-proxy'
import { createAbsences, type User } from './absences'
import { perform } from './actions'
import { createChaosClient } from './client'
import { createChaosEnvironment, type ChaosEnvironment } from './environment'
import type { ChaosEnd, ChaosHistory, ChaosRecord } from './history'
import type { ChaosSetting, ChaosStep } from './plan'
import { becameLive, cameToBe } from './quiet'
import { startChaosServer } from './server'

/** A server, a faulty network and a connection, with a record of all that goes through them. */
export interface ChaosWorld {
  /** Carries out the steps, heals everything, and says what has happened. */
  run(steps: readonly ChaosStep[]): Promise<ChaosHistory>
  /**
   * Has nobody use the connection any more, and ends links that hang.
   *
   * @returns what the connection has left behind all the same
   */
  rest(): Promise<string[]>
  /** Rests, and ends it all. */
  end(): Promise<string[]>
}

export async function startChaosWorld(setting: ChaosSetting): Promise<ChaosWorld> {
  let records: ChaosRecord[] = []
  let socketsBefore = 0
  const record = (entry: ChaosRecord): void => {
    // What is still under way on a link of an earlier run belongs to no run any more.
    if (!('socket' in entry) || entry.socket > socketsBefore) records.push(entry)
  }
  const server = await startChaosServer(record)
  const proxy = await startFaultProxy(server.port)
  const page = createChaosEnvironment(setting.seed, record)
  const client = createChaosClient(`${proxy.url}/chaos`, setting, page, record)
  const { connection } = client
  const user = createUser(connection)
  const absences = createAbsences(proxy, server, page, connection, user)
  const parts = { server, proxy, client, absences }

  async function rest(): Promise<string[]> {
    user.leave()
    await cameToBe(() => !describeLeft(connection, page).length)
    const left = describeLeft(connection, page)
    proxy.reset()
    page.forgetSockets()
    return left
  }

  return {
    async run(steps) {
      records = []
      socketsBefore = page.newest
      user.come()
      for (const { afterMs, ...action } of steps) {
        // Without a wait, the next step comes in the same task.
        if (afterMs) await wait(afterMs)
        perform(action, parts)
      }
      proxy.heal()
      await absences.endAll()
      const isLive = await becameLive(client, records, () => page.newest)
      return { records, end: describeEnd(isLive, connection, page) }
    },
    rest,
    async end() {
      const left = await rest()
      connection.close()
      await proxy.close()
      await server.stop()
      return left
    },
  }
}

function createUser(connection: Connection): User {
  let release: (() => void) | undefined
  return {
    come: () => void (release ??= connection.lease()),
    leave() {
      release?.()
      release = undefined
    },
  }
}

function describeEnd(isLive: boolean, connection: Connection, page: ChaosEnvironment): ChaosEnd {
  const { status, queued } = connection.getSnapshot()
  return {
    isLive,
    status,
    queued,
    newest: page.newest,
    liveSockets: page.countLiveSockets(),
    timersWhileOpen: page.countTimers(),
    watchersWhileOpen: page.countWatchers(),
  }
}

/** What is left of a connection that nobody uses any more; empty if nothing is. */
function describeLeft(connection: Connection, page: ChaosEnvironment): string[] {
  const { status } = connection.getSnapshot()
  const timers = page.countTimers()
  const watchers = page.countWatchers()
  const sockets = page.countLiveSockets()
  return status === 'idle' && timers + watchers + sockets === 0
    ? []
    : [`left behind, ${status}: ${timers} timers, ${watchers} watchers, ${sockets} sockets`]
}
