import { createContext, useContext } from 'react'
import { useWebSocket } from 'partysocket/react'
import type { Contender } from '../contender'
import { hooksAround } from './event-target'

type Socket = ReturnType<typeof useWebSocket>

const SocketContext = createContext<Socket | null>(null)

function useSocket(): Socket {
  const socket = useContext(SocketContext)
  if (!socket) throw new Error('No socket above.')
  return socket
}

export const partysocket: Contender = {
  name: 'partysocket',
  Connection({ url, maxDelayMs, children }) {
    const socket = useWebSocket(url, undefined, {
      ...(maxDelayMs !== undefined && { maxReconnectionDelay: maxDelayMs }),
    })
    return <SocketContext value={socket}>{children}</SocketContext>
  },
  ...hooksAround(useSocket),
}
