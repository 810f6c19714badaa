import { useCallback, useEffect, useState } from 'react'
import { boardOf } from '../board'
import type { Contender } from '../contender'
import { parseOnce, type Message } from '../message'
import { quoteByListening } from './quote-by-listening'

/** What partysocket and reconnecting-websocket give their users. */
interface EventSocket {
  readonly readyState: number
  send(text: string): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  addEventListener(type: 'open' | 'close', listener: () => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'open' | 'close', listener: () => void): void
}

/**
 * The usual hooks around a socket that has events and no state. Neither library shares a socket, so
 * an application holds it in a context.
 */
export function hooksAround(
  useSocket: () => EventSocket,
): Pick<Contender, 'useStatus' | 'useLatest' | 'useListener' | 'useList' | 'Board'> {
  const useListener: Contender['useListener'] = (listener) => {
    const socket = useSocket()
    useEffect(() => {
      const onMessage = (event: MessageEvent): void => listener(parseOnce(event))
      socket.addEventListener('message', onMessage)
      return () => socket.removeEventListener('message', onMessage)
    }, [socket, listener])
  }

  return {
    useListener,
    useStatus() {
      const socket = useSocket()
      const [isOpen, setOpen] = useState(socket.readyState === WebSocket.OPEN)
      useEffect(() => {
        const onChange = (): void => setOpen(socket.readyState === WebSocket.OPEN)
        onChange()
        socket.addEventListener('open', onChange)
        socket.addEventListener('close', onChange)
        return () => {
          socket.removeEventListener('open', onChange)
          socket.removeEventListener('close', onChange)
        }
      }, [socket])
      const send = useCallback((value: unknown) => socket.send(JSON.stringify(value)), [socket])
      return { isOpen, send }
    },
    useLatest() {
      const [latest, setLatest] = useState<Message>()
      useListener(setLatest)
      return latest
    },
    useList() {
      const [list, setList] = useState<readonly Message[]>([])
      const add = useCallback((message: Message) => setList((before) => [...before, message]), [])
      useListener(add)
      return list
    },
    Board: boardOf(quoteByListening(useListener)),
  }
}
