import type { MessageFilter, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'

type Listener = (message: never) => void
type Where = (message: never) => boolean

/** Brings messages to whatever listener is the newest. */
export interface MessageListener {
  update(listener: Listener, where: Where | undefined): void
  /** Listens, on a lease, until it is undone. */
  attach(): Undo
}

export function createMessageListener(source: Source, filter: MessageFilter): MessageListener {
  let listener: Listener = () => {}
  let where: Where | undefined

  return {
    update(newestListener, newestWhere) {
      listener = newestListener
      where = newestWhere
    },
    attach() {
      const [connection, release] = source.lease() ?? []
      const detach = connection?.on(
        'message',
        (message: unknown) => {
          if (!where || where(message as never)) listener(message as never)
        },
        filter,
      )
      return () => {
        detach?.()
        release?.()
      }
    },
  }
}
