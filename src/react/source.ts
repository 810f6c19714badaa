import type { Connection } from '../core/connection'
import type { Source } from '../core/connection-pool'

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
