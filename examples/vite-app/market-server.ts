import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin } from 'vite'
import { WebSocketServer, type WebSocket } from 'ws'
import type { FromServer, ToServer } from './src/market.ts'

const path = '/market'
const tickEveryMs = 500
const restartMs = 1000
const symbols = ['AAPL', 'MSFT', 'NVDA']

/** A server for the app, beside `vite` and `vite preview`. `POST /restart` takes it away for a second. */
export function marketServer(): Plugin {
  return {
    name: 'market-server',
    configureServer: ({ httpServer, middlewares }) => attach(httpServer as Server, middlewares),
    configurePreviewServer: ({ httpServer, middlewares }) =>
      attach(httpServer as Server, middlewares),
  }
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

function attach(http: Server, middlewares: { use(middleware: Middleware): unknown }): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096 })
  let awayUntil = 0
  const ticks = setInterval(() => tellAll(sockets, createTick()), tickEveryMs)
  sockets.on('connection', serve)
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (request.url !== path) return
    if (Date.now() < awayUntil || !isFromThisApp(request)) stream.destroy()
    else
      sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket))
  })
  http.on('close', () => clearInterval(ticks))
  middlewares.use((request, response, next) => {
    if (request.method === 'POST' && request.url === '/restart') {
      awayUntil = Date.now() + restartMs
      for (const socket of sockets.clients) socket.close(1012, 'Restarting')
      response.end()
    } else next()
  })
}

/** Any page that is open in the same browser could connect otherwise. */
function isFromThisApp({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === `http://${host}`
}

function serve(socket: WebSocket): void {
  socket.on('error', () => socket.terminate())
  socket.on('message', (data: Buffer) => {
    const message = parseMessage(data.toString())
    if (!message) socket.close(1008, 'Not a message of this server')
    else if (message.type === 'ping') tell(socket, { type: 'pong' })
    else tell(socket, { type: 'bought', id: message.id, symbol: message.symbol })
  })
}

function parseMessage(frame: string): ToServer | null {
  const { type, id, symbol } = parseObject(frame)
  if (type === 'ping') return { type }
  const isOrder = type === 'buy' && typeof id === 'string' && typeof symbol === 'string'
  return isOrder ? { type, id, symbol } : null
}

function parseObject(frame: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(frame) as object | null) }
  } catch {
    return {}
  }
}

function createTick(): FromServer {
  const symbol = symbols[Math.floor(Math.random() * symbols.length)] ?? 'AAPL'
  return { type: 'price', symbol, price: Math.round(10_000 + Math.random() * 1000) / 100 }
}

function tellAll({ clients }: WebSocketServer, message: FromServer): void {
  for (const socket of clients) tell(socket, message)
}

function tell(socket: WebSocket, message: FromServer): void {
  socket.send(JSON.stringify(message))
}
