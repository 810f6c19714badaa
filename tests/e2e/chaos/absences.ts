import type { FaultProxy } from '../../rig/network/fault-proxy'
import type { ChaosEnvironment } from './environment'
import type { Absence } from './plan'
import type { ChaosServer } from './server'
import type { Connection } from 'wirehook/core'

/** What goes for a while, and comes back by itself. */
export interface Absences {
  /** Does nothing if it is gone already. */
  begin(absence: Absence, forMs: number): void
  /** Brings everything back. */
  endAll(): Promise<void>
}

interface Passage {
  leave(): void
  comeBack(): void | Promise<void>
}

/** The one user of the connection. */
export interface User {
  come(): void
  leave(): void
}

export function createAbsences(
  proxy: FaultProxy,
  server: ChaosServer,
  page: ChaosEnvironment,
  connection: Connection,
  user: User,
): Absences {
  const passages: Record<Absence, Passage> = {
    listener: { leave: proxy.refuse, comeBack: proxy.accept },
    handshakes: { leave: proxy.hangHandshakes, comeBack: proxy.heal },
    server: { leave: server.leave, comeBack: server.comeBack },
    network: { leave: () => page.setOnline(false), comeBack: () => page.setOnline(true) },
    page: { leave: page.cachePage, comeBack: () => page.setOnline(true) },
    viewer: { leave: () => page.setHidden(true), comeBack: () => page.setHidden(false) },
    connection: { leave: () => connection.close(), comeBack: connection.reconnect },
    user: { leave: user.leave, comeBack: user.come },
  }
  const timers = new Map<Absence, NodeJS.Timeout>()

  async function end(absence: Absence): Promise<void> {
    clearTimeout(timers.get(absence))
    if (timers.delete(absence)) await passages[absence].comeBack()
  }

  return {
    begin(absence, forMs) {
      if (timers.has(absence)) return
      timers.set(
        absence,
        setTimeout(() => void end(absence), forMs),
      )
      passages[absence].leave()
    },
    async endAll() {
      for (const absence of timers.keys()) await end(absence)
    },
  }
}
