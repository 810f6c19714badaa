import { createContext } from 'react'
import type { Connection } from '../core/connection'
import type { ConnectionOptions } from '../core/connection-options'
import type { ConnectionPool } from '../core/connection-pool'
import { defaultPool } from '../core/default-pool'

/** What hooks find above them: where connections are shared, and what counts if they name nothing. */
export interface WebSocketScope {
  readonly pool: ConnectionPool
  readonly source?: string | Connection | undefined
  readonly defaults?: ScopeDefaults
}

/** The newest options of a provider. */
export interface ScopeDefaults {
  update(options: ConnectionOptions): void
  readForOwnUrl(): ConnectionOptions
  /** Without what identifies the user: that must not go to another server than it was meant for. */
  readForOtherUrl(): ConnectionOptions
}

export function createScopeDefaults(): ScopeDefaults {
  let all: ConnectionOptions = {}
  let withoutCredentials: ConnectionOptions = {}
  return {
    update(options) {
      const { params, protocols, handshake, ...others } = options
      all = options
      withoutCredentials = others
    },
    readForOwnUrl: () => all,
    readForOtherUrl: () => withoutCredentials,
  }
}

export const WebSocketContext = /* @__PURE__ */ createContext<WebSocketScope>({ pool: defaultPool })
