import { useEffect, type ReactElement } from 'react'
import {
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useWebSocket,
  type UseWebSocketOptions,
} from 'wirehook'
import { readConfiguration } from './configuration'
import { createPageRoot } from './root'
import { answerServerPing } from './server-pings'

/** What came of a burst of messages `{ type: 'number', n }`, numbered from 1. */
export interface Burst {
  messages: number
  /** Messages that were not the next one. */
  strays: number
  /** Commits of all components together. */
  commits: number
  /** Frames drawn. */
  frames: number
  firstAt: number
  lastAt: number
}

declare global {
  interface Window {
    burst: Burst
  }
}

interface Numbered {
  readonly type: string
  readonly n: number
}

const { url, options: given = {} } = readConfiguration()
const options: UseWebSocketOptions = {
  ...given,
  heartbeat: { intervalMs: 60_000, reply: answerServerPing },
}
const burst: Burst = { messages: 0, strays: 0, commits: 0, frames: 0, firstAt: 0, lastAt: 0 }

function take({ n }: Numbered): void {
  burst.messages += 1
  burst.lastAt = performance.now()
  if (burst.messages === 1) burst.firstAt = burst.lastAt
  if (n !== burst.messages) burst.strays += 1
}

function add(sum: number, { n }: Numbered): number {
  return sum + n
}

/** Reads messages in every way there is, all on the connection's schedule. */
function Readers(): ReactElement {
  const { status } = useWebSocket(url, options)
  useMessage<Numbered>(take, { source: url, topic: 'number' })
  const latest = useLatestMessage<Numbered>('number', { source: url })
  const newest = useMessages<Numbered>({ source: url, topic: 'number', limit: 100 })
  const total = useMessageReducer(add, 0, { source: url, topic: 'number' })
  useEffect(() => {
    burst.commits += 1
  })
  return (
    <>
      <p id="status">{status}</p>
      <p id="latest">{latest?.n}</p>
      <p id="newest">{newest.map(({ n }) => n).join(' ')}</p>
      <p id="total">{total}</p>
    </>
  )
}

function countFrame(): void {
  burst.frames += 1
  requestAnimationFrame(countFrame)
}

window.burst = burst
requestAnimationFrame(countFrame)
createPageRoot().render(<Readers />)
