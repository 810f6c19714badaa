import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { opcodes, writeFrame } from '../rig/network/frame-format'
import { connectTo, openedTimes, reached } from '../rig/live-rig'
import { eventually } from '../rig/waiting'
import { prepareRawPage } from './raw-page'
import { startRawServer } from './raw-server'

const openPage = prepareRawPage()

const quick = { reconnect: { minDelayMs: 50, maxDelayMs: 50 } }

/** Bytes that a server must not send (RFC 6455 §5 and §7.4). */
const brokenFrames = {
  'a length of 2^63': '827f8000000000000000',
  'a length of 2^63 - 1': '827f7fffffffffffffff',
  'a reserved bit': 'c100',
  'all reserved bits': 'f100',
  'a reserved opcode': '8300',
  'a reserved opcode of control': '8b00',
  'bad UTF-8': '8102c328',
  'a mask': '818537fa213d7f9f4d5158',
  'a ping in fragments': '0900',
  'a ping of 126 bytes': `897e007e${'00'.repeat(126)}`,
  'a continuation of nothing': '8000',
  'a text within a text': '010161810162',
  'a close with half a code': '880103',
  'a close with 1005': '880203ed',
  'a close with bad UTF-8': '880403e8c328',
}
const broken = Object.values(brokenFrames).map((hex) => Buffer.from(hex, 'hex'))

const lost = { code: 1006, reason: '', wasClean: false, by: 'network', error: null }

const text = (payload: string): Buffer =>
  writeFrame({ opcode: opcodes.text, payload: Buffer.from(payload) })

/** Sends each client another broken frame, and a good one once there is none left. */
function sendBroken(socket: Socket, nth: number): void {
  socket.write(broken[nth - 1] ?? text('"good"'))
}

/** Writes the same bytes over and over, as fast as they are taken. */
function pour(socket: Socket, bytes: Buffer): void {
  while (!socket.destroyed) {
    if (!socket.write(bytes)) {
      socket.once('drain', () => pour(socket, bytes))
      return
    }
  }
}

/** The first fragment of a message that never ends, and what follows it for ever. */
const beginning = writeFrame({ opcode: opcodes.text, isFinal: false, payload: Buffer.from('"') })
const fragment = writeFrame({
  opcode: opcodes.continuation,
  isFinal: false,
  payload: Buffer.alloc(65_536, 'a'),
})
const crumbs = Buffer.concat(
  Array<Buffer>(1000).fill(
    writeFrame({ opcode: opcodes.continuation, isFinal: false, payload: Buffer.from('a') }),
  ),
)

describe('a frame that breaks the protocol', () => {
  const tags = ['fault-82', 'fault-88']

  it('ends its socket, and the next one is made with backoff', { tags }, async () => {
    const server = await startRawServer(sendBroken)
    const live = connectTo(server.url, quick)
    await eventually(() => live.messages.length > 0, 'the good one came', 15_000)
    expect(live.messages).toEqual(['good'])
    expect(live.closes).toMatchObject(broken.map(() => lost))
    expect(server.totalConnections).toBe(broken.length + 1)
    expect(Number(live.closes.at(-1)?.at) - Number(live.closes[0]?.at)).toBeGreaterThanOrEqual(
      (broken.length - 1) * 49,
    )
    expect(live.errors).toEqual([])
  })

  it('does so in a page', { tags }, async () => {
    const server = await startRawServer(sendBroken)
    const { page, read } = await openPage(server.url, quick)
    await page.waitFor('demo.messages.length > 0', 30_000)
    expect(await read('messages')).toEqual(['good'])
    expect(await read('closes')).toMatchObject(broken.map(() => lost))
    expect(await read('errors')).toEqual([])
  })
})

describe('a frame that claims a gigabyte and does not come', () => {
  it('is silence to a page, and ended by its heartbeat', { tags: ['fault-82'] }, async () => {
    const server = await startRawServer((socket, nth) => {
      socket.write(nth === 1 ? Buffer.from('827f0000000040000000', 'hex') : text('"good"'))
    })
    const heartbeat = { intervalMs: 300, timeoutMs: 300, ping: false }
    const { page, read } = await openPage(server.url, { ...quick, heartbeat })
    await page.waitFor('demo.messages.length > 0')
    expect((await read('errors'))[0]).toBe('heartbeat-timeout')
  })
})

describe('a message of endless fragments', () => {
  const tags = ['fault-88']

  /** Left alone, `ws` takes a hundred megabytes. */
  function createSocket(url: string, protocols: string[]): WebSocket {
    return new WebSocket(url, protocols, { maxPayload: 8_000_000 })
  }

  it.each([
    ['large', fragment],
    ['tiny', crumbs],
  ])(
    'that are %s is ended by the socket, and the next one works',
    { tags },
    async (_size, rest) => {
      const server = await startRawServer((socket, nth) => {
        if (nth > 1) return void socket.write(text('"good"'))
        socket.write(beginning)
        pour(socket, rest)
      })
      const live = connectTo(server.url, { ...quick, environment: { createSocket } })
      await openedTimes(live, 2)
      await eventually(() => live.messages.length > 0, 'a message came')
      expect(live.closes).toMatchObject([lost])
      expect(live.messages).toEqual(['good'])
    },
  )

  it('is silence to a page, which collects it until its heartbeat ends it', { tags }, async () => {
    const server = await startRawServer((socket, nth) => {
      if (nth > 1) return void socket.write(text('"good"'))
      socket.write(beginning)
      pour(socket, fragment)
    })
    const heartbeat = { intervalMs: 300, timeoutMs: 300, ping: false }
    const { page, read } = await openPage(server.url, { ...quick, heartbeat })
    await page.waitFor('demo.messages.length > 0', 15_000)
    expect((await read('errors'))[0]).toBe('heartbeat-timeout')
    expect(await read('messages')).toContain('good')
  })
})

describe('a flood of pings', () => {
  const tags = ['fault-88']
  const ping = writeFrame({ opcode: opcodes.ping, payload: Buffer.alloc(125, 'p') })
  const flood = Buffer.concat(Array<Buffer>(50_000).fill(ping))

  it('does not keep a page from what comes after it', { tags }, async () => {
    const server = await startRawServer((socket) => {
      socket.write(flood)
      socket.write(text('"after"'))
    })
    const { page, read } = await openPage(server.url, quick)
    await page.waitFor('demo.messages.length > 0', 30_000)
    expect(await read('messages')).toEqual(['after'])
    expect(await read('closes')).toEqual([])
  })

  it('is answered or ended, and the connection is open after it', { tags }, async () => {
    const server = await startRawServer((socket, nth) => {
      if (nth === 1) socket.write(flood)
      socket.write(text('"after"'))
    })
    const live = connectTo(server.url, quick)
    await eventually(() => live.messages.length > 0, 'a message came', 15_000)
    await reached(live, 'open')
    expect(live.messages[0]).toBe('after')
    expect(server.totalConnections).toBeLessThanOrEqual(2)
  })
})
