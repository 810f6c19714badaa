'use client'
/**
 * A WebSocket as a React hook, in one file without a dependency, for React 18 and 19:
 *
 *     const { status, lastMessage, sendJSON } = useWebSocket<Incoming, Outgoing>('wss://…')
 *
 * Components that name the same URL share one socket, which closes soon after the last has left;
 * `null` opens none. A lost socket is replaced, after a random delay that grows, unless the server
 * has refused for good: it stays `failed` until the last component has left. A silent one is asked
 * for a sign of life and left at once if there is none: the server has to answer `{"type":"ping"}`,
 * with anything. What is sent meanwhile waits, up to a limit, and goes out in order; it is given up
 * if the server refuses, or soon after the last component has left. A message that is not JSON is an
 * uncaught error, and the socket stays. Left out, and in the package `wirehook`: every message for a
 * listener (here: the newest), renders only for what is read, tokens, requests, schemas, and more.
 */
import { useCallback, useSyncExternalStore } from 'react'

/** How long a socket may take to open, and the server to answer a ping. */
const timeoutMs = 10_000
/** Silence after which the server is asked; 0 for a server that does not answer. */
const pingAfterMs = 25_000
const minDelayMs = 500
const maxDelayMs = 30_000
/** A socket that has lasted this long lets the delays start over. */
const stableAfterMs = 5_000
/** Close codes after which the same client would only be refused again. */
const finalCodes = [1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4403, 4404]
const maxQueued = 1_000
const lingerMs = 1_000

export interface View<Incoming = unknown, Outgoing = unknown> {
  readonly status: 'idle' | 'connecting' | 'open' | 'reconnecting' | 'failed'
  readonly lastMessage: Incoming | undefined
  sendJSON(message: Outgoing): 'sent' | 'queued' | 'dropped'
}

const idle: Omit<View, 'sendJSON'> = { status: 'idle', lastMessage: undefined }
const nowhere = { join: () => () => {}, send: () => 'dropped' as const }
const channels = new Map<string | null, ReturnType<typeof createChannel>>()

export function useWebSocket<Incoming = unknown, Outgoing = unknown>(url: string | null) {
  const subscribe = useCallback((listener: () => void) => channelOf(url).join(listener), [url])
  const readState = () => channels.get(url)?.readState() ?? idle
  const state = useSyncExternalStore(subscribe, readState, () => idle)
  const sendJSON = useCallback((message: Outgoing) => channelOf(url).send(message), [url])
  return { ...state, sendJSON } as View<Incoming, Outgoing>
}

function channelOf(url: string | null) {
  if (url === null) return nowhere
  const channel = channels.get(url) ?? createChannel(url)
  channels.set(url, channel)
  return channel
}

/** What the components of a URL share, until soon after the last of them has left. */
function createChannel(url: string) {
  const listeners = new Set<() => void>()
  const queue: string[] = []
  let state: typeof idle = { ...idle, status: 'connecting' }
  let socket: WebSocket
  let openedAt: number
  let failures = 0
  /** For the one thing that is due next: the opening, a ping, its answer, or a retry. */
  let timer: ReturnType<typeof setTimeout>

  function show(change: Partial<typeof idle>): void {
    state = { ...state, ...change }
    listeners.forEach((listener) => listener())
  }

  function connect(): void {
    openedAt = Infinity
    socket = new WebSocket(url)
    socket.onopen = open
    socket.onmessage = receive
    socket.onclose = ({ code }) => lose(code)
    timer = setTimeout(lose, timeoutMs)
  }

  function open(): void {
    openedAt = Date.now()
    hear()
    queue.splice(0).forEach((frame) => socket.send(frame))
    show({ status: 'open' })
  }

  function receive({ data }: MessageEvent<string>): void {
    hear()
    const message = JSON.parse(data) as { type?: unknown } | null
    if (message?.type !== 'pong') show({ lastMessage: message })
  }

  function hear(): void {
    clearTimeout(timer)
    if (pingAfterMs > 0) timer = setTimeout(ask, pingAfterMs)
  }

  function ask(): void {
    socket.send('{"type":"ping"}')
    timer = setTimeout(lose, timeoutMs)
  }

  function lose(code = 0): void {
    leave()
    if (finalCodes.includes(code)) return show({ status: 'failed' })
    if (Date.now() - openedAt >= stableAfterMs) failures = 0
    const windowMs = Math.min(maxDelayMs, minDelayMs * 2 ** failures)
    timer = setTimeout(connect, Math.max(50, Math.random() * windowMs))
    failures += 1
    show({ status: 'reconnecting' })
  }

  /** Does not wait for the close event, which can take a minute when the other side is gone. */
  function leave(): void {
    clearTimeout(timer)
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close(1000)
  }

  function end(): void {
    leave()
    channels.delete(url)
  }

  function join(listener: () => void): () => void {
    clearTimeout(lingerTimer)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) lingerTimer = setTimeout(end, lingerMs)
    }
  }

  function send(message: unknown): 'sent' | 'queued' | 'dropped' {
    const frame = JSON.stringify(message)
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(frame)
      return 'sent'
    }
    if (state.status === 'failed' || queue.length >= maxQueued) return 'dropped'
    queue.push(frame)
    return 'queued'
  }

  connect()
  let lingerTimer = setTimeout(end, lingerMs)
  return { readState: () => state, join, send }
}
