import { useEffect, type ReactElement } from 'react'
import {
  useWebSocket,
  type Connection,
  type UseWebSocketOptions,
  type WebSocketView,
} from 'wirehook'

export interface DisplayProps {
  /** As for `useWebSocket`; left out for the provider's. */
  readonly source?: string | URL | Connection | null
  readonly options?: UseWebSocketOptions
}

/** Reads nothing but the status. */
export function Status({ source, options }: DisplayProps): ReactElement {
  const { status } = useWebSocket(source, options)
  return <p data-testid="status">{status}</p>
}

/** Reads nothing but the newest message. */
export function LastMessage({ source, options }: DisplayProps): ReactElement {
  const { lastMessage } = useWebSocket(source, options)
  return <p data-testid="message">{JSON.stringify(lastMessage)}</p>
}

/** Reads the status and why it is what it is. */
export function Failure({ source, options }: DisplayProps): ReactElement {
  const { status, error } = useWebSocket(source, options)
  return (
    <p data-testid="failure">
      {status} {error?.code}
    </p>
  )
}

/** Reads nothing in render, and hands its view to the test after each commit. */
export function ViewHolder({
  source,
  options,
  onView,
}: DisplayProps & { readonly onView: (view: WebSocketView) => void }): null {
  const view = useWebSocket(source, options)
  useEffect(() => onView(view))
  return null
}
