import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import { WebSocketServer } from 'ws'

export interface LiveServerOptions {
  /** The subprotocol picked among those offered. Without it none is picked. */
  pickProtocol?: (offered: readonly string[]) => string
  /** Sent as JSON to each client as soon as it is let in. */
  greetings?: readonly unknown[]
  /** `false` leaves `{ type: 'ping' }` without an answer. */
  answersPings?: boolean
  /** Whether it agrees to permessage-deflate (RFC 7692). */
  compresses?: boolean
  /**
   * Asks each client for `{ type: 'auth', token }`, answered with `{ type: 'auth-ok' }` or close
   * code 4401. A client that says anything before it has been let in is closed with 4401 too.
   */
  isTokenValid?: (token: unknown) => boolean | Promise<boolean>
}

/** What an answer to an upgrade carries beside its status. */
export interface HttpAnswer {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A request to upgrade, let in or not. */
export interface SeenUpgrade {
  /** Path and query. */
  readonly url: string
  /** Subprotocols offered. */
  readonly protocols: readonly string[]
}

export interface SeenClose {
  readonly code: number
  readonly reason: string
}

/** A real `ws` server, with a record of what it has seen. */
export interface LiveServer {
  readonly port: number
  /** WebSocket address of the server, without a path. */
  readonly url: string
  /** All upgrades asked for since the start. */
  readonly upgrades: readonly SeenUpgrade[]
  /** All that was received since the start: decoded JSON, or a `Buffer` for a binary frame. */
  readonly received: readonly unknown[]
  /** How each socket ended that has ended, with 1006 for one that did not say goodbye. */
  readonly closes: readonly SeenClose[]
  /** Clients connected now. */
  readonly connected: number
  /** Clients let in since the start. */
  readonly totalConnections: number
  /** Sends a frame to every client. */
  broadcast(frame: string | Uint8Array): void
  /** Sends a value as JSON to every client. */
  broadcastJSON(value: unknown): void
  /** Closes every present client. Without a code the close frame is empty (1005). */
  closeAll(code?: number, reason?: string): void
  /** Closes every client as soon as it is let in, until `acceptUpgrades`. */
  closeOnOpen(code: number): void
  /** Answers upgrades with an HTTP status instead of 101, until `acceptUpgrades`. */
  refuseUpgrades(status: number, answer?: HttpAnswer): void
  /** Lets clients in again and leaves them in. */
  acceptUpgrades(): void
  /** Drops every client without a close frame and stops listening. */
  stop(): Promise<void>
  /** Listens again, on the same port. */
  start(): Promise<void>
}

/** What happens to the next upgrade. */
type Welcome =
  | { readonly type: 'let-in' }
  | { readonly type: 'refuse'; readonly status: number; readonly answer: HttpAnswer }
  | { readonly type: 'close'; readonly code: number }

const host = '127.0.0.1'
const largestMessageBytes = 64 * 1024 * 1024

/**
 * Starts a server on a free port. It echoes `{ type: 'echo' }` and every binary frame, and answers
 * `{ type: 'ping' }` with `{ type: 'pong' }`.
 */
export async function startLiveServer(options: LiveServerOptions = {}): Promise<LiveServer> {
  const { pickProtocol, greetings = [], compresses = false } = options
  const upgrades: SeenUpgrade[] = []
  const received: unknown[] = []
  const closes: SeenClose[] = []
  let totalConnections = 0
  let welcome: Welcome = { type: 'let-in' }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    perMessageDeflate: compresses,
    handleProtocols: (offered) => pickProtocol?.([...offered]) ?? false,
  })
  const http = createServer()
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    upgrades.push(describeUpgrade(request))
    if (welcome.type === 'refuse') refuse(stream, welcome.status, welcome.answer)
    else sockets.handleUpgrade(request, stream, head, letIn)
  })

  const letIn = (socket: WebSocket): void => {
    totalConnections += 1
    socket.on('close', (code, reason) => closes.push({ code, reason: reason.toString() }))
    const answer = createAnswers(socket, options)
    socket.on('message', (data, isBinary) => {
      const message = decode(data, isBinary)
      received.push(message)
      void answer(message)
    })
    for (const greeting of greetings) socket.send(JSON.stringify(greeting))
    if (welcome.type === 'close') socket.close(welcome.code)
  }
  const start = async (port: number): Promise<void> => {
    http.listen(port, host)
    await once(http, 'listening')
  }
  const broadcast = (frame: string | Uint8Array): void =>
    sockets.clients.forEach((socket) => socket.send(frame))

  await start(0)
  const { port } = http.address() as AddressInfo

  return {
    port,
    url: `ws://${host}:${port}`,
    upgrades,
    received,
    closes,
    get connected() {
      return sockets.clients.size
    },
    get totalConnections() {
      return totalConnections
    },
    broadcast,
    broadcastJSON: (value) => broadcast(JSON.stringify(value)),
    closeAll: (code, reason) => sockets.clients.forEach((socket) => socket.close(code, reason)),
    closeOnOpen(code) {
      welcome = { type: 'close', code }
    },
    refuseUpgrades(status, answer = {}) {
      welcome = { type: 'refuse', status, answer }
    },
    acceptUpgrades() {
      welcome = { type: 'let-in' }
    },
    async stop() {
      sockets.clients.forEach((socket) => socket.terminate())
      http.closeAllConnections()
      if (!http.listening) return
      http.close()
      await once(http, 'close')
    },
    start: () => start(port),
  }
}

function describeUpgrade({ url = '', headers }: IncomingMessage): SeenUpgrade {
  const offered = headers['sec-websocket-protocol']
  return {
    url,
    protocols: offered === undefined ? [] : offered.split(',').map((name) => name.trim()),
  }
}

function refuse(stream: Duplex, status: number, { headers = {}, body = '' }: HttpAnswer): void {
  const fields = { Connection: 'close', 'Content-Length': Buffer.byteLength(body), ...headers }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

function decode(data: RawData, isBinary: boolean): unknown {
  const bytes = data as Buffer
  return isBinary ? bytes : (JSON.parse(bytes.toString()) as unknown)
}

/** What the server says to one client, given each of its messages in turn. */
function createAnswers(
  socket: WebSocket,
  { answersPings = true, isTokenValid }: LiveServerOptions,
): (message: unknown) => Promise<void> {
  let isLetIn = isTokenValid === undefined

  const checkToken = async (message: unknown): Promise<void> => {
    const isValid =
      hasType(message, 'auth') && (await isTokenValid?.((message as { token?: unknown }).token))
    if (!isValid) return socket.close(4401, 'no valid token')
    isLetIn = true
    socket.send(JSON.stringify({ type: 'auth-ok' }))
  }

  return async (message) => {
    if (!isLetIn) return checkToken(message)
    if (message instanceof Uint8Array) return socket.send(message)
    if (hasType(message, 'echo')) return socket.send(JSON.stringify(message))
    if (hasType(message, 'ping') && answersPings) socket.send(JSON.stringify({ type: 'pong' }))
  }
}

function hasType(message: unknown, type: string): boolean {
  return (message as { type?: unknown } | null)?.type === type
}
