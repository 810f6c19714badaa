import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import {
  parseClientMessage,
  type ChatMessage,
  type ClientMessage,
  type RoomReport,
  type ServerMessage,
} from './chat-messages.js'

const historyLength = 50
const maxSockets = 16
const restartMs = 4000
const longestMuteMs = 60_000

/** A client at the door: it can be let in, or turned away. */
export interface Visitor {
  enter(): void
  refuse(): void
}

/** The people, the messages and the moods of one chat room. It knows nothing of HTTP. */
export interface ChatRoom {
  /** Lets the visitor in now, later, or not at all, as the state of the room has it. */
  receive(visitor: Visitor): void
  /** The visitor has gone away while waiting. */
  forget(visitor: Visitor): void
  /** Adds a socket together with the stream under it. */
  join(socket: WebSocket, link: Duplex): void
  /** Destroys every socket without a word, as a pulled cable would. */
  cut(): void
  /** Closes every socket with 1012 and lets nobody in for a few seconds. Messages are kept. */
  restart(): void
  /** Hangs: sockets stay connected, but nothing is read or said, and visitors wait at the door. */
  mute(): void
  unmute(): void
  report(): RoomReport
  /** When the last socket left, in milliseconds since 1970; `null` while there is one. */
  emptySince(): number | null
  /** Ends all sockets and timers. */
  close(): void
}

export function createChatRoom(): ChatRoom {
  const links = new Map<WebSocket, Duplex>()
  const waiting = new Set<Visitor>()
  let history: readonly ChatMessage[] = []
  let emptySince: number | null = Date.now()
  let closedUntil = 0
  let muteTimer: NodeJS.Timeout | undefined

  function receive(visitor: Visitor): void {
    const isFull = links.size + waiting.size >= maxSockets
    if (isFull || Date.now() < closedUntil) visitor.refuse()
    else if (muteTimer) waiting.add(visitor)
    else visitor.enter()
  }

  function join(socket: WebSocket, link: Duplex): void {
    links.set(socket, link)
    emptySince = null
    socket.on('message', (data, isBinary) => hear(socket, isBinary ? '' : toText(data)))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => leave(socket))
    tell(socket, { type: 'history', messages: history })
    tellPresence()
  }

  function leave(socket: WebSocket): void {
    links.delete(socket)
    if (links.size === 0) emptySince = Date.now()
    tellPresence()
  }

  function hear(socket: WebSocket, frame: string): void {
    const message = parseClientMessage(frame)
    if (message) answer(socket, message)
    else socket.close(1008, 'Not a chat message')
  }

  function answer(socket: WebSocket, message: ClientMessage): void {
    switch (message.type) {
      case 'ping':
        return tell(socket, { type: 'pong' })
      case 'replay':
        return tell(socket, { type: 'history', messages: history })
      case 'say':
        return publish({ ...message, type: 'message', at: Date.now() })
    }
  }

  /** A message that was sent again, because its sender saw no echo, is taken once. */
  function publish(message: ChatMessage): void {
    if (history.some(({ id }) => id === message.id)) return
    history = [...history, message].slice(-historyLength)
    tellAll(message)
  }

  function tellPresence(): void {
    tellAll({ type: 'presence', sockets: countOpen() })
  }

  /** Without those that are on their way out. */
  function countOpen(): number {
    const isOpen = ([socket, link]: [WebSocket, Duplex]) =>
      socket.readyState === socket.OPEN && !link.destroyed
    return [...links].filter(isOpen).length
  }

  function tellAll(message: ServerMessage): void {
    for (const socket of links.keys()) tell(socket, message)
  }

  function tell(socket: WebSocket, message: ServerMessage): void {
    if (socket.readyState === socket.OPEN && !muteTimer) socket.send(JSON.stringify(message))
  }

  function cut(): void {
    for (const link of links.values()) destroyAbruptly(link)
  }

  function restart(): void {
    unmute()
    closedUntil = Date.now() + restartMs
    for (const socket of links.keys()) socket.close(1012, 'Restarting')
  }

  function mute(): void {
    if (muteTimer) return
    muteTimer = setTimeout(unmute, longestMuteMs)
    for (const socket of links.keys()) socket.pause()
  }

  function unmute(): void {
    if (!muteTimer) return
    clearTimeout(muteTimer)
    muteTimer = undefined
    for (const socket of links.keys()) socket.resume()
    for (const visitor of waiting) visitor.enter()
    waiting.clear()
  }

  function close(): void {
    clearTimeout(muteTimer)
    for (const visitor of waiting) visitor.refuse()
    for (const socket of links.keys()) socket.terminate()
  }

  return {
    receive,
    forget: (visitor) => void waiting.delete(visitor),
    join,
    cut,
    restart,
    mute,
    unmute,
    report: () => ({ sockets: countOpen(), isMuted: muteTimer !== undefined }),
    emptySince: () => (waiting.size > 0 ? null : emptySince),
    close,
  }
}

function toText(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : ''
}

/** A TCP reset where there is TCP, so that the client sees the end at once and without a close frame. */
function destroyAbruptly(link: Duplex): void {
  if (link instanceof Socket) link.resetAndDestroy()
  else link.destroy()
}
