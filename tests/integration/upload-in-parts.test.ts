import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { uploadInParts } from '../../docs/recipes/upload-in-parts'
import { createConnection } from '../../src/core'
import { startFaultProxy } from '../rig/network/fault-proxy'

interface Part {
  readonly id: string
  readonly offset: number
  readonly size: number
  readonly data: string
}

/** Puts parts where they belong and acknowledges them, as the recipe asks of a server. */
async function startFileServer(size: number) {
  const file = Buffer.alloc(size)
  const offsets: number[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const proxy = await startFaultProxy((server.address() as AddressInfo).port)
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { id, offset, data: bytes } = JSON.parse(data.toString()) as Part
      Buffer.from(bytes, 'base64').copy(file, offset)
      offsets.push(offset)
      // The link is lost between the third part and its acknowledgement.
      if (offsets.length === 3) proxy.reset()
      else socket.send(JSON.stringify({ id }))
    })
  })
  onTestFinished(async () => {
    await proxy.close()
    server.clients.forEach((socket) => socket.terminate())
    server.close()
  })
  return { file, offsets, url: proxy.url }
}

it('a file sent in parts arrives whole although the link is lost on the way', async () => {
  const original = randomBytes(50_000)
  const { file, offsets, url } = await startFileServer(original.length)
  const connection = createConnection(url, {
    reconnect: { minDelayMs: 10 },
    environment: { createSocket: (address, protocols) => new WebSocket(address, protocols) },
  })
  const release = connection.lease()
  const shares: number[] = []
  await uploadInParts(connection, new Blob([original]), {
    partBytes: 10_000,
    onProgress: (share) => shares.push(share),
  })
  release()
  connection.close()
  expect(file.equals(original)).toBe(true)
  expect(offsets).toEqual([0, 10_000, 20_000, 20_000, 30_000, 40_000])
  expect(shares).toEqual([0.2, 0.4, 0.6, 0.8, 1])
})
