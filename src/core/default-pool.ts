import { connectionKey } from './address'
import type { Connection } from './connection'
import type { ConnectionOptions, InferredOptions } from './connection-options'
import { createConnectionPool } from './connection-pool'
import { browserEnvironment } from './environment'
import type { MessageSchema, SchemaInput, SchemaOutput } from './schema'

/** The page's connections: what hooks without a provider and `getConnection` share. */
export const defaultPool = /* @__PURE__ */ createConnectionPool()

interface Keyed {
  /** Names another connection than the one everybody shares for this URL. */
  key?: string
}

/**
 * The shared connection that `useWebSocket` uses for the same URL (and subprotocols, and `key`) when
 * no provider stands above it; made if it does not exist yet, and never forgotten from then on.
 * Take a lease on it to open it.
 *
 * @param options those given first for a connection count, here or in a hook
 */
export function getConnection<
  const Incoming extends MessageSchema | undefined = undefined,
  const Outgoing extends MessageSchema | undefined = undefined,
>(
  url: string | URL,
  options: InferredOptions<Incoming, Outgoing> & Keyed,
): Connection<SchemaOutput<Incoming>, SchemaInput<Outgoing>>
export function getConnection<Incoming = unknown, Outgoing = unknown>(
  url: string | URL,
  options?: ConnectionOptions<Incoming> & Keyed,
): Connection<Incoming, Outgoing>
export function getConnection(
  url: string | URL,
  options: ConnectionOptions & Keyed = {},
): Connection {
  const { key, ...own } = options
  const source = defaultPool(connectionKey(url, own.protocols, browserEnvironment.baseUrl(), key))
  source.ask({ url: String(url), own })
  return source.keep() as Connection
}
