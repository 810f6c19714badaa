import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { chatLimits, type ControlVerb } from './chat-messages.js'
import { createChatRoom, type ChatRoom, type Visitor } from './chat-room.js'
import { isSameOrigin } from './same-origin.js'

const maxRooms = 200
const emptyRoomLifeMs = 5 * 60_000
const sweepEveryMs = 60_000

/** A chat server that lives beside whatever else an HTTP server does. */
export interface ChatServer {
  /**
   * Takes an upgrade to `<prefix>/chat/<room>`.
   *
   * @returns `false` for any other path, which is left untouched
   */
  handleUpgrade(request: IncomingMessage, link: Duplex, head: Buffer): boolean
  /**
   * Answers `POST <prefix>/control/<room>/<cut | restart | mute | unmute>`.
   *
   * @returns `false` for any other path, which is left untouched
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** Ends all rooms, sockets and timers. */
  close(): void
}

/**
 * ```ts
 * const chat = createChatServer({ prefix: '/demo' })
 * httpServer.on('upgrade', chat.handleUpgrade)
 * ```
 */
export function createChatServer({ prefix = '/__wirehook' } = {}): ChatServer {
  const chatPath = new RegExp(`^${prefix}/chat/([\\w-]{8,64})$`)
  const controlPath = new RegExp(`^${prefix}/control/([\\w-]{8,64})/(cut|restart|mute|unmute)$`)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: chatLimits.frameBytes })
  const rooms = new Map<string, ChatRoom>()
  const sweepTimer = setInterval(removeEmptyRooms, sweepEveryMs).unref()

  function handleUpgrade(request: IncomingMessage, link: Duplex, head: Buffer): boolean {
    const path = pathOf(request)
    if (!path.startsWith(`${prefix}/`)) return false
    const name = chatPath.exec(path)?.[1]
    if (!name) refuse(link, '404 Not Found')
    else if (!isSameOrigin(request)) refuse(link, '403 Forbidden')
    else receive(name, request, link, head)
    return true
  }

  function receive(name: string, request: IncomingMessage, link: Duplex, head: Buffer): void {
    const room = rooms.get(name) ?? addRoom(name)
    const turnAway = () => refuse(link, '503 Service Unavailable')
    if (!room) return turnAway()
    const visitor: Visitor = {
      enter() {
        link.off('end', leave)
        sockets.handleUpgrade(request, link, head, (socket) => room.join(socket, link))
      },
      refuse: turnAway,
    }
    const leave = () => {
      room.forget(visitor)
      link.destroy()
    }
    link.on('error', leave).on('end', leave)
    // Only a stream that is read notices that the other side has gone. A client says nothing here.
    link.resume()
    room.receive(visitor)
  }

  function addRoom(name: string): ChatRoom | null {
    if (rooms.size >= maxRooms) return null
    const room = createChatRoom()
    rooms.set(name, room)
    return room
  }

  function removeEmptyRooms(): void {
    const oldest = Date.now() - emptyRoomLifeMs
    for (const [name, room] of rooms) {
      if ((room.emptySince() ?? Infinity) > oldest) continue
      room.close()
      rooms.delete(name)
    }
  }

  function handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request)
    if (!path.startsWith(`${prefix}/`)) return false
    const [, name, verb] = controlPath.exec(path) ?? []
    const room = name === undefined ? undefined : rooms.get(name)
    if (!room) respond(response, 404)
    else if (request.method !== 'POST') respond(response, 405)
    else if (!isSameOrigin(request)) respond(response, 403)
    else {
      room[verb as ControlVerb]()
      respond(response, 200, room.report())
    }
    return true
  }

  function close(): void {
    clearInterval(sweepTimer)
    for (const room of rooms.values()) room.close()
    rooms.clear()
  }

  return { handleUpgrade, handleRequest, close }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

function refuse(link: Duplex, status: string): void {
  link.on('error', () => link.destroy())
  link.once('finish', () => link.destroy())
  link.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function respond(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(body ? JSON.stringify(body) : undefined)
}
