import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Frame, Link, Visitor } from '../../stories/server/client.js'
import type { ControlVerb } from '../../stories/server/room-report.js'
import type { Room } from '../../stories/server/room.js'
import { createRooms, prefix } from '../../stories/server/rooms.js'
import { services } from '../../stories/server/services.js'
import { isSameOrigin } from './same-origin.js'

const maxFrameBytes = 65_536
const controlPath = /^(.*)\/(cut|restart|mute|unmute)$/

/** The demos' rooms beside whatever else an HTTP server does. */
export interface DemoServer {
  /** Takes an upgrade to a room; any other path is left untouched. */
  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /**
   * Answers `POST <room>/<cut | restart | mute | unmute>`.
   *
   * @returns `false` for any other path, which is left untouched
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** Ends all rooms, sockets and timers. */
  close(): void
}

export function createDemoServer(): DemoServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes })
  const rooms = createRooms(services)

  return {
    handleUpgrade(request, stream, head) {
      const { pathname, searchParams } = addressOf(request)
      if (!pathname.startsWith(`${prefix}/`)) return
      if (!isSameOrigin(request)) return refuse(stream, '403 Forbidden')
      const room = rooms.open(pathname)
      if (!room) return refuse(stream, '404 Not Found')
      const enter = (): void => {
        sockets.handleUpgrade(request, stream, head, (socket) =>
          seat(room, socket, stream, searchParams),
        )
      }
      bringToDoor(room, stream, searchParams, enter)
    },
    handleRequest(request, response) {
      const { pathname } = addressOf(request)
      if (!pathname.startsWith(`${prefix}/`)) return false
      const [, path = '', verb] = controlPath.exec(pathname) ?? []
      const room = rooms.find(path)
      if (!room) respond(response, 404)
      else if (request.method !== 'POST') respond(response, 405)
      else if (!isSameOrigin(request)) respond(response, 403)
      else {
        room[verb as ControlVerb]()
        respond(response, 200, room.report())
      }
      return true
    },
    close: rooms.close,
  }
}

function bringToDoor(room: Room, stream: Duplex, params: URLSearchParams, enter: () => void): void {
  const leave = (): void => {
    room.forget(visitor)
    stream.destroy()
  }
  const visitor: Visitor = {
    params,
    enter() {
      stream.off('end', leave)
      enter()
    },
    refuse: () => refuse(stream, '503 Service Unavailable'),
  }
  stream.on('error', leave).on('end', leave)
  // Only a stream that is read notices that the other side has gone. A client says nothing here.
  stream.resume()
  room.receive(visitor)
}

function seat(room: Room, socket: WebSocket, stream: Duplex, params: URLSearchParams): void {
  const link: Link = {
    get isOpen() {
      return socket.readyState === socket.OPEN && !stream.destroyed
    },
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    cut: () => destroyAbruptly(stream),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
  const { hear, leave } = room.join(link, params)
  socket.on('message', (data, isBinary) => hear(toFrame(data, isBinary)))
  socket.on('error', () => socket.terminate())
  socket.on('close', leave)
}

function toFrame(data: RawData, isBinary: boolean): Frame {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer)
  return isBinary ? new Uint8Array(bytes) : bytes.toString('utf8')
}

/** A TCP reset where there is TCP, so that the client sees the end at once and without a close frame. */
function destroyAbruptly(stream: Duplex): void {
  if (stream instanceof Socket) stream.resetAndDestroy()
  else stream.destroy()
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost')
}

function refuse(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy())
  stream.once('finish', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function respond(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(body ? JSON.stringify(body) : undefined)
}
