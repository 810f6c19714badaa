import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server that speaks WebSocket as badly as a test wants it to. */
export interface RawServer {
  /** WebSocket address, without a path. */
  readonly url: string
  /** Upgrades answered since the start. */
  readonly totalConnections: number
}

const host = '127.0.0.1'
const endOfHead = '\r\n\r\n'

/** RFC 6455 §1.3. */
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Starts a server that agrees to every upgrade and ends with the running test.
 *
 * @param speak what it then does with the bare socket; `nth` counts upgrades from 1 up
 */
export async function startRawServer(
  speak: (socket: Socket, nth: number) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  let totalConnections = 0

  const upgrade = (socket: Socket, request: string): void => {
    totalConnections += 1
    socket.write(agreeTo(request))
    speak(socket, totalConnections)
  }
  const server = createServer((socket) => {
    let head = ''
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes: Buffer) => {
      if (head.endsWith(endOfHead)) return
      head += bytes.toString('latin1')
      if (head.endsWith(endOfHead)) upgrade(socket, head)
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
    await once(server, 'close')
  })
  return {
    url: `ws://${host}:${(server.address() as AddressInfo).port}`,
    get totalConnections() {
      return totalConnections
    },
  }
}

function agreeTo(request: string): string {
  const [, key = ''] = /^sec-websocket-key: *(\S+)/im.exec(request) ?? []
  const accept = createHash('sha1').update(`${key}${acceptGuid}`).digest('base64')
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}${endOfHead}`
}
