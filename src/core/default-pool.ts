import { connectionKey } from './address'
import type { Connection } from './connection'
import type { ConnectionOptions } from './connection-options'
import { createConnectionPool } from './connection-pool'
import { browserEnvironment } from './environment'

/** The page's connections: what hooks without a provider and `getConnection` share. */
export const defaultPool = /* @__PURE__ */ createConnectionPool()

/**
 * The shared connection that `useWebSocket` uses for the same URL (and subprotocols, and `key`) when
 * no provider stands above it; made if it does not exist yet, and never forgotten from then on.
 * Take a lease on it to open it.
 *
 * @param options those given first for a connection count, here or in a hook
 */
export function getConnection<Incoming = unknown, Outgoing = unknown>(
  url: string | URL,
  options: ConnectionOptions & {
    /** Another connection than the one everybody shares for this URL. */
    key?: string
  } = {},
): Connection<Incoming, Outgoing> {
  const { key, ...own } = options
  const source = defaultPool(connectionKey(url, own.protocols, browserEnvironment.baseUrl(), key))
  source.ask({ url: String(url), own })
  return source.keep() as Connection<Incoming, Outgoing>
}
