import { useContext, useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import { connectionKey } from '../core/address'
import type { CloseInfo, Connection, ConnectionSnapshot, OpenInfo } from '../core/connection'
import type { ConnectionOptions } from '../core/connection-options'
import { browserEnvironment } from '../core/environment'
import { WirehookError } from '../core/errors'
import { createConnectionObserver, type Callbacks } from './connection-observer'
import { givenSource } from './source'
import { WebSocketContext } from './web-socket-scope'

/**
 * Options of one use of the hook, beside those of the connection. Callbacks may be new functions on
 * every render; the newest one is called, and none of them makes the component render.
 */
export interface UseWebSocketOptions<Incoming = unknown> extends ConnectionOptions {
  /** `false` is the same as the source `null`. @default true */
  enabled?: boolean
  /** Names a connection of its own, apart from the one everybody shares for this URL. */
  key?: string
  /**
   * The connection has opened while this component was mounted; not called if it was open before.
   * To subscribe on the server, use an effect on `status`.
   */
  onOpen?: (info: OpenInfo) => void
  /** Every message, once, in order, however React batches. */
  onMessage?: (message: Incoming) => void
  /** A socket, or an attempt to get one, has ended. */
  onClose?: (close: CloseInfo) => void
  /**
   * This side gave up on an attempt or a socket, refused an inbound message, or failed for good. A
   * connection that was refused or lost is `onClose`.
   */
  onError?: (error: WirehookError) => void
}

/** A view of the connection. A component renders again only when a field it has read changes. */
export interface WebSocketView<Incoming = unknown, Outgoing = unknown>
  extends
    ConnectionSnapshot,
    Pick<Connection<Incoming, Outgoing>, 'send' | 'sendJSON' | 'reconnect' | 'close'> {
  /**
   * The newest message: a snapshot by design, for messages that arrive together may give one render.
   * Use `onMessage` to see each of them.
   */
  readonly lastMessage: Incoming | undefined
  /** The connection itself, or `null` while there is none: before the first commit, or by choice. */
  readonly connection: Connection<Incoming, Outgoing> | null
}

/**
 * Uses a WebSocket connection, shared by all components that name the same URL.
 *
 * @param source a URL, a connection made with `createConnection`, `null` for none, or left out for
 * the provider's
 * @param options options of this hook, and of the connection: those count for everybody who shares
 * it, from whoever gave them first
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useWebSocket<Incoming = unknown, Outgoing = unknown>(
  source?: string | URL | Connection<Incoming, Outgoing> | null,
  options: UseWebSocketOptions<Incoming> = {},
): WebSocketView<Incoming, Outgoing> {
  const scope = useContext(WebSocketContext)
  const { enabled = true, key, onOpen, onMessage, onClose, onError, ...given } = options
  const chosen = source === undefined ? scope.source : source
  const wanted = enabled ? chosen : null
  if (wanted === undefined) throw new WirehookError('missing-source', 'useWebSocket')

  const { pool, defaults } = scope
  const connection = isConnection(wanted) ? wanted : undefined
  const url = wanted === null || isConnection(wanted) ? null : String(wanted)
  const name =
    url === null ? null : connectionKey(url, given.protocols, browserEnvironment.baseUrl(), key)
  const observer = useMemo(
    () => createConnectionObserver(name === null ? givenSource(connection) : pool(name)),
    [pool, name, connection],
  )

  useInsertionEffect(() => {
    const isOwnUrl = scope.source === undefined || (url !== null && isSameUrl(scope.source, url))
    observer.update(
      { open: onOpen, message: onMessage as Callbacks['message'], close: onClose, error: onError },
      url !== null && {
        url,
        own: given,
        readInherited: isOwnUrl ? defaults?.readForOwnUrl : defaults?.readForOtherUrl,
      },
    )
  })

  return useSyncExternalStore(
    observer.subscribe,
    observer.getView,
    observer.getServerView,
  ) as WebSocketView<Incoming, Outgoing>
}

function isConnection(source: object | string | null): source is Connection {
  return source !== null && typeof source === 'object' && 'lease' in source
}

function isSameUrl(source: string | Connection, url: string): boolean {
  const baseUrl = browserEnvironment.baseUrl()
  return (
    source === url ||
    (typeof source === 'string' &&
      connectionKey(source, [], baseUrl) === connectionKey(url, [], baseUrl))
  )
}
