/**
 * The server, in a process of its own: it serves the built pages, and does on a WebSocket what the
 * page at the other end asks for with `{ "do": … }`. Whatever else it gets, it sends back.
 */
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { orders } from './orders.mjs'

const host = '127.0.0.1'
const folder = process.argv[2] ?? '.'

const contentTypes = /** @type {Record<string, string>} */ ({
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
})

// Isolated pages are given a clock with a resolution of 5 µs instead of 100.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', `http://${host}`)
  const type = contentTypes[pathname.split('.').at(-1) ?? '']
  readFile(join(folder, normalize(pathname))).then(
    (body) => response.writeHead(200, { 'Content-Type': type, ...isolation }).end(body),
    () => response.writeHead(404).end(),
  )
})

// What is measured is what is done with messages, not how they are compressed.
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

server.on('upgrade', (request, stream, head) => {
  const { searchParams } = new URL(request.url ?? '/', `http://${host}`)
  // A server that takes its time is how a queue gets to be filled.
  void wait(Number(searchParams.get('openAfterMs'))).then(() =>
    sockets.handleUpgrade(request, stream, head, (socket) => {
      if (searchParams.has('slam')) socket.close(1011)
      else serve(socket, /** @type {import('node:net').Socket} */ (stream), searchParams)
    }),
  )
})

/**
 * @param {import('ws').WebSocket} socket
 * @param {import('node:net').Socket} stream what is below it, to send many messages in one piece
 * @param {URLSearchParams} address
 */
function serve(socket, stream, address) {
  const carryOut = orders(socket, stream, Number(address.get('expect') ?? Infinity))
  socket.on('error', () => socket.terminate())
  socket.on('message', (data) => {
    const text = /** @type {Buffer} */ (data).toString()
    carryOut(text.startsWith('{"do":') ? readOrder(text) : undefined, text)
  })
}

/**
 * @param {string} text
 * @returns {import('./orders.mjs').Order}
 */
function readOrder(text) {
  return /** @type {import('./orders.mjs').Order} */ (JSON.parse(text))
}

server.listen(0, host, () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit())
