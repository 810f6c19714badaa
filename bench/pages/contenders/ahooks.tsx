import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { useWebSocket } from 'ahooks'
import { boardOf } from '../board'
import type { Contender } from '../contender'
import { parseOnce, type Message } from '../message'
import { quoteByListening } from './quote-by-listening'

type Listener = (message: Message) => void

/**
 * The hook opens a socket of its own wherever it is used and renders there for every message, so an
 * application uses it once, and in contexts of their own what changes rarely and what changes often.
 */
const StatusContext = createContext({ isOpen: false, send: (_value: unknown): void => {} })
const LatestContext = createContext<MessageEvent | undefined>(undefined)
const ListenersContext = createContext(new Set<Listener>())

const useListener: Contender['useListener'] = (listener) => {
  const listeners = useContext(ListenersContext)
  useEffect(() => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [listeners, listener])
}

/** The package does not export its enumeration of states. */
function isOpenState(readyState: number): boolean {
  return readyState === WebSocket.OPEN
}

export const ahooks: Contender = {
  name: 'ahooks',
  Connection({ url, maxDelayMs, children }) {
    const [listeners] = useState(() => new Set<Listener>())
    const { latestMessage, readyState, sendMessage } = useWebSocket(url, {
      ...(maxDelayMs !== undefined && { reconnectInterval: maxDelayMs, reconnectLimit: Infinity }),
      onMessage(event) {
        for (const listener of listeners) listener(parseOnce(event))
      },
    })
    const isOpen = isOpenState(readyState)
    const send = useCallback(
      (value: unknown) => sendMessage?.(JSON.stringify(value)),
      [sendMessage],
    )
    const status = useMemo(() => ({ isOpen, send }), [isOpen, send])
    return (
      <ListenersContext value={listeners}>
        <StatusContext value={status}>
          <LatestContext value={latestMessage}>{children}</LatestContext>
        </StatusContext>
      </ListenersContext>
    )
  },
  useStatus: () => useContext(StatusContext),
  useLatest() {
    const event = useContext(LatestContext)
    return event && parseOnce(event)
  },
  useListener,
  // As its documentation shows it, but for what the rules of React forbid.
  useList() {
    const event = useContext(LatestContext)
    const [list, setList] = useState<readonly Message[]>([])
    useEffect(() => {
      if (event) setList((before) => [...before, parseOnce(event)])
    }, [event])
    return list
  },
  Board: boardOf(quoteByListening(useListener)),
}
