import { createContext, useContext, useEffect, useState } from 'react'
import library, { ReadyState } from 'react-use-websocket'
import { boardOf } from '../board'
import type { Contender } from '../contender'
import { parse, parseOnce, type Message } from '../message'
import { quoteByListening } from './quote-by-listening'

type Options = Parameters<typeof library>[1] & object

const Scope = createContext<{ readonly url: string; readonly options: Options }>({
  url: '',
  options: {},
})

/** The library keeps one socket per URL for those who say `share`. */
function useShared<Json = unknown>(own: Options) {
  const { url, options } = useContext(Scope)
  return library<Json>(url, { ...options, ...own, share: true })
}

/** Its own answer to too many renders: refuse all messages. */
const withoutMessages: Options = { filter: () => false }

const useListener: Contender['useListener'] = (listener) => {
  useShared({ ...withoutMessages, onMessage: (event) => listener(parseOnce(event)) })
}

export const reactUseWebSocket: Contender = {
  name: 'react-use-websocket',
  Connection({ url, heartbeatMs, maxDelayMs, children }) {
    const [scope] = useState(() => ({
      url,
      options: {
        shouldReconnect: () => true,
        reconnectAttempts: Infinity,
        ...(maxDelayMs !== undefined && { reconnectInterval: maxDelayMs }),
        ...(heartbeatMs !== undefined && {
          heartbeat: {
            message: '{"ping":1}',
            returnMessage: '{"pong":1}',
            interval: heartbeatMs,
            // Counts from the last message on, not from the ping.
            timeout: 2 * heartbeatMs,
          },
        }),
      },
    }))
    return <Scope value={scope}>{children}</Scope>
  },
  useStatus() {
    const { readyState, sendJsonMessage } = useShared(withoutMessages)
    return { isOpen: readyState === ReadyState.OPEN, send: sendJsonMessage }
  },
  useLatest: () => useShared<Message | null>({}).lastJsonMessage ?? undefined,
  useListener,
  // As its documentation shows it.
  useList() {
    const [list, setList] = useState<readonly Message[]>([])
    const { lastMessage } = useShared({ disableJson: true })
    useEffect(() => {
      if (lastMessage) setList((before) => before.concat(parse(lastMessage.data)))
    }, [lastMessage])
    return list
  },
  // Its way by `filter` and `lastJsonMessage` renders for every message; `onMessage` is cheaper.
  Board: boardOf(quoteByListening(useListener)),
}
