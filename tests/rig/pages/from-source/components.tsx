import { useEffect, type ReactElement } from 'react'
import { useWebSocket, type UseWebSocketOptions, type WebSocketView } from 'wirehook'
import type { DemoLog } from './demo'

interface LiveProps {
  readonly url: string
  readonly options: UseWebSocketOptions
}

interface RecorderProps extends LiveProps {
  readonly log: DemoLog
  /** Gets what the hook returned, to act on it from outside of React. */
  readonly onView: (view: WebSocketView) => void
}

/** Reads nothing but the status. */
export function StatusLine({ url, options }: LiveProps): ReactElement {
  const { status } = useWebSocket(url, options)
  return <p id="status">{status}</p>
}

/** Shows the newest message as JSON. */
export function NewestMessage({ url, options, id }: LiveProps & { id: string }): ReactElement {
  const { lastMessage } = useWebSocket(url, options)
  return <p id={id}>{JSON.stringify(lastMessage)}</p>
}

/** Writes down all that a component can be told, and shows nothing. */
export function Recorder({ url, options, log, onView }: RecorderProps): null {
  const view = useWebSocket(url, {
    ...options,
    onOpen: (info) => log.opens.push(info),
    onMessage: (message) => log.messages.push(message),
    onClose: (close) => log.closes.push(close),
    onError: ({ code }) => log.errors.push(code),
  })
  const { status, pausedBy } = view
  useEffect(() => {
    const shown = pausedBy ? `${status} (${pausedBy})` : status
    if (shown !== log.statuses.at(-1)) log.statuses.push(shown)
  }, [status, pausedBy, log])
  useEffect(() => onView(view), [view, onView])
  useEffect(() => {
    log.events.push('mounted')
  }, [log])
  return null
}
