import type { Client, CreateService, Frame, Link, UnknownMessage, Visitor } from './client.js'
import type { RoomReport } from './room-report.js'

const maxLinks = 16
const restartMs = 4000
const longestMuteMs = 60_000

/** One room of a demo and its moods. It knows nothing of HTTP, and nothing of what is said in it. */
export interface Room {
  /** Lets the visitor in now, later, or not at all, as the state of the room has it. */
  receive(visitor: Visitor): void
  /** The visitor has gone away while waiting. */
  forget(visitor: Visitor): void
  /** Adds a client who has entered. */
  join(link: Link, params: URLSearchParams): Seat
  /** Ends every link without a word, as a pulled cable would. */
  cut(): void
  /** Closes every link with 1012 and lets nobody in for a few seconds. What was said is kept. */
  restart(): void
  /** Hangs: links stay connected, but nothing is read or said, and visitors wait at the door. */
  mute(): void
  unmute(): void
  report(): RoomReport
  /** When the last one left, in milliseconds since 1970; `null` while there is one. */
  emptySince(): number | null
  /** Ends all links and timers. */
  close(): void
}

/** What the link of a client tells the room. */
export interface Seat {
  hear(frame: Frame): void
  leave(): void
}

export function createRoom(createService: CreateService): Room {
  const links = new Map<Link, Client>()
  const waiting = new Set<Visitor>()
  let emptySince: number | null = Date.now()
  let closedUntil = 0
  let muteTimer: ReturnType<typeof setTimeout> | undefined

  const service = createService({
    tellAll: (message) => links.forEach((client) => client.tell(message)),
    count: countOpen,
  })

  /** Without those that are on their way out. */
  function countOpen(): number {
    return [...links.keys()].filter(({ isOpen }) => isOpen).length
  }

  function receive(visitor: Visitor): void {
    const isFull = links.size + waiting.size >= maxLinks
    if (isFull || Date.now() < closedUntil) visitor.refuse()
    else if (muteTimer) waiting.add(visitor)
    else visitor.enter()
  }

  function join(link: Link, params: URLSearchParams): Seat {
    const say = (frame: Frame): void => {
      if (link.isOpen && !muteTimer) link.send(frame)
    }
    const client: Client = {
      params,
      tell: (message) => say(JSON.stringify(message)),
      send: say,
      close: (code, reason) => link.close(code, reason),
    }
    links.set(link, client)
    emptySince = null
    service.onJoin?.(client)
    return {
      hear: (frame) => hear(client, frame),
      leave() {
        if (!links.delete(link)) return
        if (links.size === 0) emptySince = Date.now()
        service.onLeave?.(client)
      },
    }
  }

  function hear(client: Client, frame: Frame): void {
    if (typeof frame !== 'string') return hearBytes(client, frame)
    const message = parseObject(frame)
    if (!message) client.close(1008, 'Not a message')
    else if (message.type === 'ping') client.tell({ type: 'pong' })
    else service.onMessage(client, message)
  }

  function hearBytes(client: Client, bytes: Uint8Array<ArrayBuffer>): void {
    if (service.onBytes) service.onBytes(client, bytes)
    else client.close(1003, 'Text only')
  }

  function unmute(): void {
    if (!muteTimer) return
    clearTimeout(muteTimer)
    muteTimer = undefined
    for (const link of links.keys()) link.resume()
    for (const visitor of waiting) visitor.enter()
    waiting.clear()
  }

  return {
    receive,
    forget: (visitor) => void waiting.delete(visitor),
    join,
    cut() {
      for (const link of links.keys()) link.cut()
    },
    restart() {
      unmute()
      closedUntil = Date.now() + restartMs
      for (const link of links.keys()) link.close(1012, 'Restarting')
    },
    mute() {
      if (muteTimer) return
      muteTimer = setTimeout(unmute, longestMuteMs)
      for (const link of links.keys()) link.pause()
    },
    unmute,
    report: () => ({ sockets: countOpen(), isMuted: muteTimer !== undefined }),
    emptySince: () => (waiting.size > 0 ? null : emptySince),
    close() {
      clearTimeout(muteTimer)
      service.close?.()
      for (const visitor of waiting) visitor.refuse()
      for (const link of links.keys()) link.cut()
    },
  }
}

function parseObject(frame: string): UnknownMessage | null {
  try {
    const value: unknown = JSON.parse(frame)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
