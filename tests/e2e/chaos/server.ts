import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { readFrame, type ClientMessage } from './frame'
import type { ChaosRecord } from './history'

/** A real server that numbers what it sends and records what it gets. */
export interface ChaosServer {
  readonly port: number
  /** Sends that many messages to every client. */
  send(count: number, bytes: number): void
  closeAll(code: number | undefined): void
  /** Drops every client without a close frame and stops listening. */
  leave(): void
  /** Listens again, on the same port. */
  comeBack(): Promise<void>
  stop(): Promise<void>
}

const host = '127.0.0.1'

export async function startChaosServer(record: (entry: ChaosRecord) => void): Promise<ChaosServer> {
  const senders = new WeakMap<WebSocket, (bytes: number) => void>()
  let server = await listen(0)
  const { port } = server.address() as AddressInfo
  let seq = 0

  async function listen(onPort: number): Promise<WebSocketServer> {
    const started = new WebSocketServer({ port: onPort, host })
    // The client names its socket in the query.
    started.on('connection', (client, { url = '' }) => welcome(client, Number(url.split('=')[1])))
    await once(started, 'listening')
    return started
  }

  function createSender(client: WebSocket, socket: number): (bytes: number) => void {
    let nth = 0
    return (bytes) => {
      if (client.readyState !== client.OPEN) return
      seq += 1
      nth += 1
      record({ type: 'served', seq, nth, socket })
      client.send(JSON.stringify({ seq, nth, socket, padding: 'x'.repeat(bytes) }))
    }
  }

  function welcome(client: WebSocket, socket: number): void {
    const send = createSender(client, socket)
    senders.set(client, send)
    client.on('error', () => client.terminate())
    client.on('message', (data: RawData) => {
      const { type, n, wantsAnswer } = readFrame(data as Buffer) as Partial<
        ClientMessage & { type: string }
      >
      if (type === 'ping') client.send(JSON.stringify({ type: 'pong' }))
      if (n !== undefined) record({ type: 'arrived', n, socket })
      if (wantsAnswer) send(0)
    })
    // The welcome that a handshake waits for is not the first that comes.
    send(0)
    client.send(JSON.stringify({ type: 'welcome' }))
  }

  async function stop(): Promise<void> {
    server.clients.forEach((client) => client.terminate())
    await new Promise((resolve) => {
      server.close(resolve)
    })
  }

  return {
    port,
    send(count, bytes) {
      for (let sent = 0; sent < count; sent += 1) {
        server.clients.forEach((client) => senders.get(client)?.(bytes))
      }
    },
    closeAll: (code) => server.clients.forEach((client) => client.close(code)),
    leave: () => void stop(),
    async comeBack() {
      server = await listen(port)
    },
    stop,
  }
}
