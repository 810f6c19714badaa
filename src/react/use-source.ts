import { useContext, useInsertionEffect, useMemo } from 'react'
import { connectionKey } from '../core/address'
import type { Connection } from '../core/connection'
import type { ConnectionOptions } from '../core/connection-options'
import type { Source } from '../core/connection-pool'
import { browserEnvironment } from '../core/environment'
import { WirehookError } from '../core/errors'
import { givenSource } from './source'
import { WebSocketContext } from './web-socket-scope'

/** A URL, a connection, `null` for none, or left out for the provider's. */
export type MessageSource<Incoming = unknown, Outgoing = unknown> =
  string | URL | Connection<Incoming, Outgoing> | null | undefined

const noOptions: ConnectionOptions = {}

/**
 * Where a hook gets its connection from; the same as long as it names the same one.
 *
 * @param caller the hook's name, for the error
 */
export function useSource(
  caller: string,
  source: MessageSource,
  own: ConnectionOptions = noOptions,
  key?: string,
): Source {
  const scope = useContext(WebSocketContext)
  const wanted = source === undefined ? scope.source : source
  if (wanted === undefined) throw new WirehookError('missing-source', caller)

  const { pool, defaults } = scope
  const connection = isConnection(wanted) ? wanted : undefined
  const url = wanted === null || isConnection(wanted) ? null : String(wanted)
  const { protocols } = own
  // Reading the address of the page costs little, and resolving a URL more than all else here.
  const baseUrl = browserEnvironment.baseUrl()
  const name = useMemo(
    () => (url === null ? null : connectionKey(url, protocols, baseUrl, key)),
    [url, protocols, baseUrl, key],
  )
  const found = useMemo(
    () => (name === null ? givenSource(connection) : pool(name)),
    [pool, name, connection],
  )

  useInsertionEffect(() => {
    if (url === null) return
    const isOwnUrl = scope.source === undefined || isSameUrl(scope.source, url)
    const readInherited = isOwnUrl ? defaults?.readForOwnUrl : defaults?.readForOtherUrl
    found.ask({ url, own, readInherited })
  })

  return found
}

function isConnection(source: object | string | null): source is Connection {
  return source !== null && typeof source === 'object' && 'lease' in source
}

function isSameUrl(source: string | Connection, url: string): boolean {
  if (source === url || typeof source !== 'string') return source === url
  const baseUrl = browserEnvironment.baseUrl()
  return connectionKey(source, [], baseUrl) === connectionKey(url, [], baseUrl)
}
