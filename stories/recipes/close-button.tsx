import type { ReactNode } from 'react'
import { useWebSocket, type Connection } from 'wirehook'

/** Closes one of several connections; the badge beside it has what opens it again. */
export function CloseButton({
  connection,
  children,
}: {
  readonly connection: Connection
  readonly children: ReactNode
}) {
  const { status, close } = useWebSocket(connection)
  if (status !== 'open') return null
  return (
    <button type="button" onClick={() => close()}>
      {children}
    </button>
  )
}
