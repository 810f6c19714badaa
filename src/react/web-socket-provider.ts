import {
  createElement,
  useContext,
  useInsertionEffect,
  useMemo,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react'
import type { Connection } from '../core/connection'
import type { ConnectionOptions } from '../core/connection-options'
import { createConnectionPool } from '../core/connection-pool'
import { createScopeDefaults, WebSocketContext } from './web-socket-scope'

/** Options of the connections below; they may be new objects and functions on every render. */
export interface WebSocketProviderProps extends ConnectionOptions {
  /** What `useWebSocket()` connects to when it names no source. */
  url?: string | URL
  /** The same for a connection made with `createConnection`; wins over `url`. */
  connection?: Connection
  children?: ReactNode
}

/**
 * Gives the hooks below a default source and default options, and keeps the connections they share
 * to itself: two providers side by side never share a socket. A provider inside another one shares
 * connections with it, but replaces its source and options.
 *
 * Its options count for every URL below, except that `params`, `protocols` and `handshake` go only
 * to its own `url`, if it has one: credentials do not reach another server by accident.
 */
export function WebSocketProvider({
  url,
  connection,
  children,
  ...options
}: WebSocketProviderProps): ReactElement {
  const outer = useContext(WebSocketContext)
  const [ownPool] = useState(createConnectionPool)
  const [defaults] = useState(createScopeDefaults)
  const pool = outer.defaults ? outer.pool : ownPool
  const source = connection ?? (url === undefined ? undefined : String(url))

  useInsertionEffect(() => defaults.update(options))

  const scope = useMemo(() => ({ pool, source, defaults }), [pool, source, defaults])
  return createElement(WebSocketContext.Provider, { value: scope }, children)
}
