import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type { CloseInfo, Connection, ConnectionSnapshot, OpenInfo } from '../core/connection'
import type { ConnectionOptions, InferredOptions } from '../core/connection-options'
import type { WirehookError } from '../core/errors'
import type { MessageSchema, SchemaInput, SchemaOutput } from '../core/schema'
import { createConnectionObserver } from './connection-observer'
import { useSource, type MessageSource } from './use-source'

/**
 * Options of one use of the hook, beside those of the connection. Callbacks may be new functions on
 * every render; the newest one is called, and none of them makes the component render.
 */
export interface UseWebSocketOptions<Incoming = unknown> extends ConnectionOptions<Incoming> {
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
  onMessage?(message: Incoming): void
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
    Pick<Connection<Incoming, Outgoing>, 'send' | 'sendJSON' | 'request' | 'reconnect' | 'close'> {
  /**
   * The newest message: a snapshot by design, for messages that arrive together may give one render.
   * Use `onMessage`, `useMessage`, `useMessages` or `useMessageReducer` to see each of them.
   */
  readonly lastMessage: Incoming | undefined
  /** The connection itself, or `null` while there is none: before the first commit, or by choice. */
  readonly connection: Connection<Incoming, Outgoing> | null
}

/**
 * Uses a WebSocket connection, shared by all components that name the same URL.
 *
 * The types of messages come from the schemas `incoming` and `outgoing`, from the connection, or are
 * given: `useWebSocket<Incoming, Outgoing>(url)`.
 *
 * @param source a URL, a connection made with `createConnection`, `null` for none, or left out for
 * the provider's
 * @param options options of this hook, and of the connection: those count for everybody who shares
 * it, from whoever gave them first
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useWebSocket<
  const Incoming extends MessageSchema | undefined = undefined,
  const Outgoing extends MessageSchema | undefined = undefined,
>(
  source: string | URL | null | undefined,
  options: InferredOptions<Incoming, Outgoing, UseWebSocketOptions<SchemaOutput<Incoming>>>,
): WebSocketView<SchemaOutput<Incoming>, SchemaInput<Outgoing>>
export function useWebSocket<Incoming = unknown, Outgoing = unknown>(
  source?: MessageSource<Incoming, Outgoing>,
  options?: UseWebSocketOptions<Incoming>,
): WebSocketView<Incoming, Outgoing>
export function useWebSocket(
  source?: MessageSource,
  options: UseWebSocketOptions = {},
): WebSocketView {
  const { enabled = true, key, onOpen, onMessage, onClose, onError, ...own } = options
  const found = useSource('useWebSocket', enabled ? source : null, own, key)
  const observer = useMemo(() => createConnectionObserver(found), [found])

  useInsertionEffect(() => {
    observer.update(
      { open: onOpen, message: onMessage, close: onClose, error: onError },
      own.schedule,
    )
  })

  return useSyncExternalStore(observer.subscribe, observer.getView, observer.getServerView)
}
