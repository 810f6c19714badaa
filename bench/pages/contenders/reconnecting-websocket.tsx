import { createContext, useContext, useEffect, useState } from 'react'
import ReconnectingWebSocket from 'reconnecting-websocket'
import type { Contender } from '../contender'
import { hooksAround } from './event-target'

const SocketContext = createContext<ReconnectingWebSocket | null>(null)

function useSocket(): ReconnectingWebSocket {
  const socket = useContext(SocketContext)
  if (!socket) throw new Error('No socket above.')
  return socket
}

/** It has no hooks; this is what people write around it. */
export const reconnectingWebSocket: Contender = {
  name: 'reconnecting-websocket',
  Connection({ url, maxDelayMs, children }) {
    const [socket] = useState(
      () =>
        new ReconnectingWebSocket(url, [], {
          startClosed: true,
          ...(maxDelayMs !== undefined && { maxReconnectionDelay: maxDelayMs }),
        }),
    )
    useEffect(() => {
      socket.reconnect()
      return () => socket.close()
    }, [socket])
    return <SocketContext value={socket}>{children}</SocketContext>
  },
  ...hooksAround(useSocket),
}
