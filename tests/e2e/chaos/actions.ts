import type { FaultProxy } from '../../rig/network/fault-proxy'
import type { Absences } from './absences'
import type { ChaosClient } from './client'
import type { ChaosAction } from './plan'
import type { ChaosServer } from './server'

/** All that an action may be about. */
export interface ChaosParts {
  readonly server: ChaosServer
  readonly proxy: FaultProxy
  readonly client: ChaosClient
  readonly absences: Absences
}

export function perform(action: ChaosAction, parts: ChaosParts): void {
  const { server, proxy, client, absences } = parts
  switch (action.type) {
    case 'client sends':
      return client.send(action)
    case 'server sends':
      return server.send(action.count, action.bytes)
    case 'server closes':
      return server.closeAll(action.code)
    case 'absence':
      return absences.begin(action.of, action.forMs)
    case 'reconnect':
      return client.connection.reconnect()
    case 'silence':
      return proxy.silence(action.way)
    case 'delay':
      return proxy.delay(action.ms, action.way)
    case 'throttle':
      return proxy.throttle(action.bytesPerSecond, action.way)
    case 'cut':
      return proxy.cutAfter(action.afterBytes, action.direction)
    case 'reset':
    case 'finish':
    case 'heal':
      return proxy[action.type]()
  }
}
