import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Certificate } from './certificates'

/** Starts a WebSocket server with that certificate, which ends with the running test. */
export async function startTlsServer(certificate: Certificate): Promise<{ readonly port: number }> {
  const https = createServer(certificate)
  const sockets = new WebSocketServer({ server: https })
  https.listen(0, '127.0.0.1')
  await once(https, 'listening')
  onTestFinished(async () => {
    sockets.clients.forEach((socket) => socket.terminate())
    https.close()
    https.closeAllConnections()
    await once(https, 'close')
  })
  return { port: (https.address() as AddressInfo).port }
}
