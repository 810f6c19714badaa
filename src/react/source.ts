import type { Connection, RequestOptions } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { WirehookError } from '../core/errors'

/** A connection that the caller has, or none at all, in the place of a shared one. */
export function givenSource(connection: Connection | undefined): Source {
  const find = (): typeof connection => connection
  return {
    find,
    ask() {},
    keep: find,
    visit: find,
    lease: () => connection && [connection, connection.lease()],
  }
}

/** A request on whatever connection there is. */
export async function requestFrom<Reply>(
  source: Source,
  payload: unknown,
  options?: RequestOptions,
): Promise<Reply> {
  const connection = source.visit()
  if (!connection) throw new WirehookError('request-dropped', 'no connection')
  return connection.request<Reply>(payload, options)
}
