import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { BrowserPage } from '../rig/chromium/browser-page'
import { preparePage } from '../rig/chromium/browser-rig'
import { eventually } from '../rig/waiting'

const openPage = preparePage('sending')

const highWaterBytes = 262_144
const mostQueued = 1000
const mostQueuedBytes = 1_048_576

interface Numbered {
  readonly n: number
}

function numbersOf(messages: readonly unknown[]): number[] {
  return messages.map((message) => (message as Numbered).n)
}

/** Numbers from 0 up. */
function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

/** A server that can stop reading what its clients send. */
async function startReader(): Promise<{
  readonly url: string
  readonly received: unknown[]
  readonly client: () => WebSocket | undefined
}> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  const received: unknown[] = []
  server.on('connection', (socket) =>
    socket.on('message', (data) => received.push(JSON.parse((data as Buffer).toString()))),
  )
  await once(server, 'listening')
  onTestFinished(() => {
    server.clients.forEach((socket) => socket.terminate())
    server.close()
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    client: () => [...server.clients][0],
  }
}

async function isOpen(page: BrowserPage): Promise<void> {
  await page.waitFor(`sending.connection.getSnapshot().status === 'open'`)
}

/** How many of the messages that `sendInOneTask` sends an open socket takes at once. */
function countTakenAtOnce(): number {
  const padding = '.'.repeat(80)
  let bytes = 0
  let taken = 0
  for (;;) {
    bytes += JSON.stringify({ n: taken, padding }).length
    if (bytes > highWaterBytes) return taken
    taken += 1
  }
}

describe('10,000 messages sent in one task', { tags: ['fault-93'] }, () => {
  function outcomesOf(sent: number): string[] {
    return upTo(10_000).map((n) => {
      if (n < sent) return 'sent'
      return n < sent + mostQueued ? 'queued' : 'queue-full'
    })
  }

  it('fill the socket, then the queue; the others are refused, and nothing else is lost', async () => {
    const { server, page } = await openPage()
    await isOpen(page)
    await page.evaluate('sending.sendInOneTask(10_000)')
    const sent = countTakenAtOnce()
    expect(await page.evaluate('sending.outcomes')).toEqual(outcomesOf(sent))
    await eventually(() => server.received.length >= sent + mostQueued, 'all have arrived')
    await page.evaluate('sending.sendInOneTask(1)')
    await eventually(() => server.received.length > sent + mostQueued, 'one more has arrived')
    expect(numbersOf(server.received)).toEqual([...upTo(sent + mostQueued), 10_000])
  })

  it('fill the queue while the connection is closed, and go out when it is open again', async () => {
    const { server, page } = await openPage()
    await isOpen(page)
    await page.evaluate('sending.connection.close()')
    await page.evaluate('sending.sendInOneTask(10_000)')
    expect(await page.evaluate('sending.outcomes')).toEqual(outcomesOf(0))
    await page.evaluate('sending.connection.reconnect()')
    await eventually(() => server.received.length >= mostQueued, 'all have arrived')
    await page.evaluate('sending.sendInOneTask(1)')
    await eventually(() => server.received.length > mostQueued, 'one more has arrived')
    expect(numbersOf(server.received)).toEqual([...upTo(mostQueued), 10_000])
  })
})

describe('a server', { tags: ['fault-94'] }, () => {
  /** Sends until the queue is full, and finds out that neither it nor the browser held too much. */
  async function fill(page: BrowserPage): Promise<void> {
    await page.evaluate('sending.sendUntilFull()')
    const messageBytes = JSON.stringify({ n: 100, padding: '.'.repeat(4000) }).length
    const queued = await page.evaluate<number>('sending.mostQueued')
    expect(queued).toBeGreaterThan(1)
    expect(queued * messageBytes).toBeLessThanOrEqual(mostQueuedBytes)
    expect(await page.evaluate('sending.mostBuffered')).toBeLessThanOrEqual(highWaterBytes)
  }

  /** Goes on sending until nothing waits any more, and returns what was accepted since the start. */
  async function empty(page: BrowserPage): Promise<number[]> {
    await page.evaluate('sending.sendUntilEmpty()')
    const outcomes = await page.evaluate<string[]>('sending.outcomes')
    return outcomes.flatMap((outcome, n) => (outcome === 'queue-full' ? [] : [n]))
  }

  it('that stops reading makes messages wait, and gets them all when it reads again', async () => {
    const reader = await startReader()
    const { page } = await openPage({ chooseUrl: () => reader.url })
    await isOpen(page)
    reader.client()?.pause()
    await fill(page)
    reader.client()?.resume()
    const accepted = await empty(page)
    await eventually(() => reader.received.length >= accepted.length, 'all have arrived')
    expect(numbersOf(reader.received)).toEqual(accepted)
  })

  it('that is read from too slowly makes messages wait, and gets them all in the end', async () => {
    const { server, proxy, page } = await openPage()
    await isOpen(page)
    proxy.throttle(200_000, 'up')
    await fill(page)
    proxy.heal()
    const accepted = await empty(page)
    await eventually(() => server.received.length >= accepted.length, 'all have arrived')
    expect(numbersOf(server.received)).toEqual(accepted)
    expect(server.totalConnections).toBe(1)
  })
})
