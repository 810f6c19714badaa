import { createSeededRandom } from '../../rig/network/seeded-random'
import { WebSocket, type RawData } from 'ws'
import type { Environment, PageEvent } from 'wirehook/core'
import { readFrame, type Frame } from './frame'
import type { ChaosRecord, ServerNumber } from './history'

/** The world around a connection: real time and sockets, and a page in the hands of the plan. */
export interface ChaosEnvironment {
  readonly environment: Partial<Environment>
  /** The number of the newest socket; they are counted from 1. */
  readonly newest: number
  /** The state of the newest socket. */
  readNewest(): { readonly wasLive: boolean; readonly ageMs: number }
  countLiveSockets(): number
  countTimers(): number
  countWatchers(): number
  setOnline(isOnline: boolean): void
  setHidden(isHidden: boolean): void
  cachePage(): void
  /** Ends sockets that are still closing, as the network does after a while. */
  forgetSockets(): void
}

/** @param seed where the random numbers start */
export function createChaosEnvironment(
  seed: number,
  record: (entry: ChaosRecord) => void,
): ChaosEnvironment {
  const sockets = new Set<WebSocket>()
  const timers = new Set<NodeJS.Timeout>()
  const watchers = new Set<(event: PageEvent) => void>()
  let newest = 0
  let newestSocket: WebSocket | undefined
  let madeAt = 0
  let isOnline = true
  let isHidden = false

  const tell = (event: PageEvent): void => [...watchers].forEach((notify) => notify(event))
  const isLive = ({ readyState }: WebSocket): boolean => readyState < WebSocket.CLOSING

  function createSocket(url: string, protocols: string[]): WebSocket {
    newest += 1
    const socket = openRecordedSocket(`${url}?socket=${newest}`, protocols, newest, record)
    sockets.add(socket)
    newestSocket = socket
    madeAt = performance.now()
    return socket
  }

  function setTimer(callback: () => void, delayMs: number): () => void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      callback()
    }, delayMs)
    timers.add(timer)
    return () => {
      timers.delete(timer)
      clearTimeout(timer)
    }
  }

  return {
    environment: {
      createSocket,
      setTimer,
      random: createSeededRandom(seed),
      isOnline: () => isOnline,
      isHidden: () => isHidden,
      watchPage(notify) {
        const watcher = (event: PageEvent): void => notify(event)
        watchers.add(watcher)
        return () => watchers.delete(watcher)
      },
      reportError: (error) => record({ type: 'uncaught', error }),
    },
    get newest() {
      return newest
    },
    readNewest: () => ({
      wasLive: newestSocket !== undefined && isLive(newestSocket),
      ageMs: performance.now() - madeAt,
    }),
    countLiveSockets: () => [...sockets].filter(isLive).length,
    countTimers: () => timers.size,
    countWatchers: () => watchers.size,
    setOnline(value) {
      isOnline = value
      tell(value ? 'woken' : 'network-lost')
    },
    setHidden(value) {
      isHidden = value
      if (!value) tell('woken')
    },
    cachePage: () => tell('page-cached'),
    forgetSockets() {
      sockets.forEach((socket) => socket.terminate())
      sockets.clear()
    },
  }
}

/** A socket of `ws` that records what the connection hands to it, and what comes out of it. */
function openRecordedSocket(
  url: string,
  protocols: string[],
  number: number,
  record: (entry: ChaosRecord) => void,
): WebSocket {
  const socket = new WebSocket(url, protocols)
  const send = socket.send.bind(socket) as (frame: Frame) => void
  socket.send = (frame: Frame): void => {
    const { n } = readFrame(frame) as { n?: number }
    if (n !== undefined) {
      record({ type: 'handed', n, socket: number, readyState: socket.readyState })
    }
    send(frame)
  }
  // Before the connection can set its own handler, so it is called first.
  socket.on('message', (data: RawData) => {
    const { seq, nth } = readFrame(data as Buffer) as Partial<ServerNumber>
    if (seq !== undefined && nth !== undefined) {
      record({ type: 'came', seq, nth, socket: number })
    }
  })
  return socket
}
