// First, so that nobody takes hold of a timer function before it is recorded.
import { heldResources, type HeldResources } from './held-resources'
import { useCallback, useEffect, useState, type ReactElement } from 'react'
import { flushSync } from 'react-dom'
import {
  byId,
  createConnection,
  getConnection,
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useRequest,
  useWebSocket,
  type MessageSource,
} from 'wirehook'
import { readConfiguration } from './configuration'
import { createPageRoot } from './root'

/** Mounts and unmounts components that use connections in every way. */
export interface Leaks extends HeldResources {
  /** Resolves when that many rounds more are over; what was mounted in them has been unmounted. */
  run(rounds: number): Promise<void>
}

declare global {
  interface Window {
    leaks: Leaks
  }
}

/** What a component is in the middle of when it is unmounted. */
type Ending = 'connecting' | 'open' | 'asking' | 'reconnecting' | 'hearing'

interface RoundProps {
  readonly number: number
  readonly onOver: () => void
}

interface EverythingProps {
  readonly source: MessageSource
  readonly ending?: Ending | undefined
  readonly onReady?: () => void
}

const { url } = readConfiguration()
const root = createPageRoot()
const options = { lingerMs: 0, requests: byId(), heartbeat: {} }
const endings: readonly Ending[] = ['connecting', 'open', 'asking', 'reconnecting', 'hearing']
const mainstay = getConnection(url, options)
let roundsPlayed = 0

function count(sum: number): number {
  return sum + 1
}

/** Every hook on one source. */
function Everything({ source, ending, onReady = () => {} }: EverythingProps): ReactElement {
  const { request, pending } = useRequest({ source })
  const { status, lastMessage, sendJSON, reconnect } = useWebSocket(source, {
    ...(typeof source === 'string' && options),
    onOpen() {
      if (ending === 'asking') void request({ type: 'echo' })
      if (ending === 'reconnecting') reconnect()
      if (ending === 'hearing') sendJSON({ type: 'echo' })
      else onReady()
    },
    onMessage: () => ending === 'hearing' && onReady(),
    onClose() {},
    onError() {},
  })
  useMessage(() => {}, { source, topic: 'echo' })
  const latest = useLatestMessage('echo', { source, schedule: 50 })
  const messages = useMessages({ source, schedule: 'frame' })
  const total = useMessageReducer(count, 0, { source })
  const shown = { status, pending, lastMessage, latest, size: messages.length, total }
  return <p>{JSON.stringify(shown)}</p>
}

/** One round: components on the shared connection, and on one that only this round uses. */
function Round({ number, onOver }: RoundProps): ReactElement | null {
  const ending = endings[number % endings.length]
  const [isOver, setIsOver] = useState(false)
  const [own] = useState(() => {
    const ownUrl = `${url}?round=${number}`
    return number % 2 ? ownUrl : createConnection(ownUrl, options)
  })
  const end = useCallback(() => {
    flushSync(() => setIsOver(true))
    onOver()
  }, [onOver])
  useEffect(() => {
    // By then it has begun to connect.
    if (ending === 'connecting') setTimeout(end)
  }, [ending, end])
  if (isOver) return null
  return (
    <>
      <Everything source={url} />
      <Everything source={own} ending={ending} onReady={end} />
    </>
  )
}

/** Plays a round with each ending at the same time. */
async function playRounds(): Promise<void> {
  const rounds = endings.map((_, index) => {
    const number = roundsPlayed + index
    let onOver = (): void => {}
    const over = new Promise<void>((resolve) => {
      onOver = resolve
    })
    return { over, element: <Round key={number} number={number} onOver={onOver} /> }
  })
  roundsPlayed += rounds.length
  flushSync(() => root.render(rounds.map(({ element }) => element)))
  mainstay.sendJSON({ type: 'echo' })
  await Promise.all(rounds.map(({ over }) => over))
  flushSync(() => root.render(null))
}

mainstay.lease()
window.leaks = {
  get timers() {
    return heldResources.timers
  },
  async run(rounds) {
    const end = roundsPlayed + rounds
    while (roundsPlayed < end) await playRounds()
    // React remembers what it has rendered the time before last.
    flushSync(() => root.render(<p>Over.</p>))
  },
}
