import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createConnection } from '../../src/core'
import { createFakeEnvironment } from '../fake-environment'
import type { RecordedConnection } from '../rig/live-rig'
import { openedTimes, reached, startLiveRig } from '../rig/live-rig'
import { createSeededRandom } from '../rig/network/seeded-random'
import { eventually, quietTime } from '../rig/waiting'
import { connectSlowly } from './slow-link'

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))

function errorCodes({ errors }: RecordedConnection): string[] {
  return errors.map(({ code }) => code)
}

describe('a link on which nothing passes any more', () => {
  it('is given up after the 35 s of a heartbeat', { tags: ['fault-4'] }, async () => {
    const environment = createFakeEnvironment()
    const connection = createConnection('wss://a.example/live', { environment, heartbeat: {} })
    connection.lease()
    await environment.advance(0)
    await environment.newestSocket().open()
    await environment.advance(34_999)
    expect(connection.getSnapshot().status).toBe('open')
    await environment.advance(1)
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      lastClose: { code: null, by: 'client', error: { code: 'heartbeat-timeout' } },
    })
  })
})

describe('a link on which nothing reaches the server any more', () => {
  const heartbeat = { intervalMs: 150, timeoutMs: 150 }

  it(
    'counts as alive as long as the server is heard, and is dead once it falls silent',
    { tags: ['fault-5'] },
    async () => {
      const { connect, server, proxy } = await startLiveRig()
      const live = connect({ heartbeat })
      await reached(live, 'open')
      proxy.silence('up')
      for (let n = 0; n < 20; n += 1) {
        server.broadcastJSON({ n })
        await quietTime(40)
      }
      await eventually(() => live.messages.length === 20, 'all came')
      expect(live.closes).toEqual([])
      await openedTimes(live, 2)
      expect(errorCodes(live)).toEqual(['heartbeat-timeout'])
    },
  )
})

describe('a frame', { tags: ['fault-frames'] }, () => {
  it('that is lost is missing, and the others come in order', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.suppressFrame(2, 'down')
    for (const message of numbered(4)) server.broadcastJSON(message)
    await eventually(() => live.messages.length === 3, 'the others came')
    expect(live.messages).toEqual([{ n: 0 }, { n: 2 }, { n: 3 }])
  })

  it('that is late is waited for by those behind it', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.delayFrame(2, 'down', 100)
    for (const message of numbered(4)) server.broadcastJSON(message)
    await eventually(() => live.messages.length === 4, 'all came')
    expect(live.messages).toEqual(numbered(4))
  })

  it('that is replaced by garbage is reported, and one that is put in is a message', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.replaceFrame(1, 'down', '{"n":')
    proxy.injectFrame(2, 'down', '{"n":"injected"}')
    for (const message of numbered(2)) server.broadcastJSON(message)
    await eventually(() => live.messages.length === 2, 'they came')
    expect(live.messages).toEqual([{ n: 'injected' }, { n: 1 }])
    expect(errorCodes(live)).toEqual(['malformed-message'])
  })

  it('that was the answer to a ping leads to a new socket', async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect({ heartbeat: { intervalMs: 100, timeoutMs: 200 } })
    await reached(live, 'open')
    proxy.suppressFrame(1, 'down')
    await openedTimes(live, 2)
    expect(errorCodes(live)).toEqual(['heartbeat-timeout'])
  })
})

describe('latency', () => {
  it('of 2 s, give or take 1 s, is shown and keeps the link', { tags: ['fault-9'] }, async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect({ heartbeat: { intervalMs: 100 } })
    const latencies = new Set<number>()
    live.connection.subscribe(() => {
      const { latencyMs } = live.connection.getSnapshot()
      if (latencyMs !== null) latencies.add(latencyMs)
    })
    await reached(live, 'open')
    proxy.delay(1000)
    proxy.jitter(500)
    await eventually(() => latencies.size >= 2, 'two pings were answered', 12_000)
    const [first = 0, second = 0] = latencies
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(1000)
    expect(Math.abs(first - second)).toBeGreaterThan(50)
    expect(live.statuses).toEqual(['idle', 'connecting', 'open'])
  })

  const heartbeat = { intervalMs: 100, timeoutMs: 300 }

  it(
    'that exceeds a heartbeat for a while costs one reconnect',
    { tags: ['fault-10'] },
    async () => {
      const { connect, server, proxy } = await startLiveRig()
      const live = connect({ heartbeat, connectTimeoutMs: 5000 })
      await reached(live, 'open')
      proxy.delay(900, 'down')
      server.broadcastJSON('late')
      await reached(live, 'reconnecting')
      proxy.heal()
      await openedTimes(live, 2)
      server.broadcastJSON('in time')
      await quietTime(1000)
      expect(live.statuses).toEqual(['idle', 'connecting', 'open', 'reconnecting', 'open'])
      expect(errorCodes(live)).toEqual(['heartbeat-timeout'])
      expect(live.messages).toEqual(['in time'])
    },
  )

  it(
    'that stays above it costs one each time, ever further apart',
    { tags: ['fault-10'] },
    async () => {
      const { connect, proxy } = await startLiveRig()
      const attempts: number[] = []
      const live = connect({ heartbeat, connectTimeoutMs: 5000 })
      live.connection.on('close', () => attempts.push(live.connection.getSnapshot().attempt))
      await reached(live, 'open')
      proxy.delay(500, 'down')
      await eventually(() => live.closes.length >= 3, 'it was given up three times', 8000)
      expect(errorCodes(live).slice(0, 3)).toEqual(Array(3).fill('heartbeat-timeout'))
      expect(attempts.slice(0, 3)).toEqual([1, 2, 3])
      expect(live.opens.length).toBeGreaterThanOrEqual(3)
    },
  )
})

describe('a message that drips in', () => {
  const tags = ['fault-11']

  it('is told once it is whole', { tags }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.drip(1, 50, 'down')
    const startedAt = performance.now()
    server.broadcastJSON({ n: 1 })
    await eventually(() => live.messages.length > 0, 'a message came')
    // Two bytes of header and seven of text, with a wait between two of them.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(8 * 50 - 8)
    expect(live.messages).toEqual([{ n: 1 }])
    expect(live.errors).toEqual([])
  })

  it('is not told if the link ends before it is whole', { tags }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.drip(1, 50, 'down')
    server.broadcastJSON({ text: 'never whole' })
    await quietTime(200)
    proxy.heal()
    proxy.reset()
    await openedTimes(live, 2)
    expect(live.messages).toEqual([])
    expect(live.errors).toEqual([])
  })

  it('is no sign of life before it is whole', { tags }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect({ heartbeat: { intervalMs: 150, timeoutMs: 150 } })
    await reached(live, 'open')
    proxy.drip(1, 50, 'down')
    server.broadcastJSON({ text: 'x'.repeat(1000) })
    await reached(live, 'reconnecting')
    proxy.heal()
    await reached(live, 'open')
    expect(errorCodes(live)[0]).toBe('heartbeat-timeout')
    expect(live.messages).toEqual([])
  })
})

describe('a slow link with much to send', () => {
  const bytesPerSecond = 40_000
  const messages = numbered(200).map(({ n }) => ({ n, text: 'x'.repeat(1000) }))

  function createSlowSocket(url: string, protocols: string[]): WebSocket {
    return new WebSocket(url, protocols, {
      createConnection: () => connectSlowly(url, bytesPerSecond),
    })
  }

  it(
    'keeps heartbeat and order, and shows what waits, if pacing is as small as the link',
    { tags: ['fault-12'] },
    async () => {
      const highWaterBytes = 8192
      // A frame has a header, and a ping does not wait for room.
      const furtherBytes = 32
      const peaks: number[] = []
      const queued: number[] = []
      const { connect, server } = await startLiveRig()
      const live = connect({
        heartbeat: { intervalMs: 200, timeoutMs: 2000 },
        pacing: { highWaterBytes },
        environment: {
          createSocket(url, protocols) {
            const socket = createSlowSocket(url, protocols)
            const send = socket.send.bind(socket)
            socket.send = (data: Parameters<typeof send>[0]) => {
              send(data)
              peaks.push(socket.bufferedAmount)
            }
            return socket
          },
        },
      })
      await reached(live, 'open')
      messages.forEach((message) => live.connection.sendJSON(message))
      live.connection.subscribe(() => queued.push(live.connection.getSnapshot().queued))
      await eventually(() => queued.at(-1) === 0, 'all have left', 15_000)
      await eventually(() => server.received.some(isLast), 'the last arrived')
      expect(server.received.filter((message) => !isPing(message))).toEqual(messages)
      expect(server.received.filter(isPing).length).toBeGreaterThanOrEqual(5)
      expect(queued).toEqual(queued.toSorted((one, other) => other - one))
      expect(new Set(queued).size).toBeGreaterThan(50)
      expect(Math.max(...peaks)).toBeGreaterThan(highWaterBytes / 2)
      expect(Math.max(...peaks)).toBeLessThanOrEqual(highWaterBytes + furtherBytes)
      expect(live.statuses).toEqual(['idle', 'connecting', 'open'])
    },
  )

  it(
    'is taken for dead if its pings wait behind more than it carries in timeoutMs',
    { tags: ['fault-12'] },
    async () => {
      const { connect, server } = await startLiveRig()
      const live = connect({
        heartbeat: { intervalMs: 200, timeoutMs: 800 },
        environment: { createSocket: createSlowSocket },
      })
      await reached(live, 'open')
      messages.forEach((message) => live.connection.sendJSON(message))
      await reached(live, 'reconnecting')
      expect(errorCodes(live)).toEqual(['heartbeat-timeout'])
      expect(server.received).not.toContainEqual({ type: 'ping' })
      expect(live.connection.getSnapshot().queued).toBe(0)
      expect(server.received.length).toBeLessThan(messages.length)
    },
  )

  function isPing(message: unknown): boolean {
    return (message as { type?: unknown }).type === 'ping'
  }

  function isLast(message: unknown): boolean {
    return (message as { n?: unknown }).n === messages.length - 1
  }
})

describe('a server that refuses every connection for five minutes', () => {
  const minuteMs = 60_000
  const capMs = 30_000

  it.each([1, 2, 3, 4, 5])(
    'is asked with growing, capped, jittered waits, and found again in time (seed %i)',
    { tags: ['fault-19'] },
    async (seed) => {
      const environment = { ...createFakeEnvironment(), random: createSeededRandom(seed) }
      const connection = createConnection('wss://a.example/live', { environment })
      const waitsMs: number[] = []
      const { sockets, advance, now, newestSocket } = environment
      const endsAt = now() + 5 * minuteMs
      connection.lease()
      await advance(0)
      while (now() < endsAt) {
        newestSocket().cut()
        const waitMs = Number(connection.getSnapshot().retryAt) - now()
        waitsMs.push(waitMs)
        await advance(waitMs)
      }
      const windowsMs = waitsMs.map((_, retry) => Math.min(capMs, 500 * 2 ** retry))
      expect(waitsMs.every((waitMs, retry) => waitMs <= Number(windowsMs[retry]))).toBe(true)
      expect(Math.min(...waitsMs)).toBeGreaterThanOrEqual(50)
      expect(new Set(waitsMs).size).toBe(waitsMs.length)
      expect(Math.max(...waitsMs)).toBeGreaterThan(capMs / 2)
      // Half of the cap on average makes twenty of them, and a few more at the beginning.
      expect(sockets.length).toBeLessThan(45)
      expect(now() - endsAt).toBeLessThan(capMs)
      await newestSocket().open()
      expect(connection.getSnapshot().status).toBe('open')
    },
  )
})

describe('a proxy that ends idle links', () => {
  const tags = ['fault-28']

  it('never sees one with a heartbeat that is quicker', { tags }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    proxy.endIdleAfter(1000)
    const live = connect({ heartbeat: { intervalMs: 250 } })
    await eventually(() => server.received.length >= 8, 'eight pings came')
    expect(live.statuses).toEqual(['idle', 'connecting', 'open'])
  })

  it('causes a plain reconnect without one', { tags }, async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.endIdleAfter(200)
    const live = connect()
    await openedTimes(live, 2)
    expect(live.closes[0]).toMatchObject({ code: 1006, by: 'network' })
    expect(live.closes[0]?.openForMs).toBeGreaterThanOrEqual(150)
    expect(live.errors).toEqual([])
  })
})

describe('a proxy that collects frames and passes them on together', () => {
  it('changes neither their number nor their order', { tags: ['fault-29'] }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.coalesce(100)
    for (const { n } of numbered(60)) {
      live.connection.sendJSON({ type: 'echo', n })
      server.broadcastJSON({ type: 'news', n })
      await quietTime(5)
    }
    await eventually(() => live.messages.length === 120, 'all came')
    const echoes = numbered(60).map(({ n }) => ({ type: 'echo', n }))
    const news = numbered(60).map(({ n }) => ({ type: 'news', n }))
    expect(server.received).toEqual(echoes)
    expect(
      live.messages.filter((message) => (message as { type: string }).type === 'echo'),
    ).toEqual(echoes)
    expect(
      live.messages.filter((message) => (message as { type: string }).type === 'news'),
    ).toEqual(news)
    expect(live.sockets).toHaveLength(1)
  })
})

describe('a link that flaps', () => {
  it(
    'is tried ever more slowly, and each message leaves the queue once, in order',
    { tags: ['fault-33'] },
    async () => {
      const { connect, server, proxy } = await startLiveRig()
      const handedOver: unknown[] = []
      const attempts: number[] = []
      const live = connect({
        reconnect: { minDelayMs: 20, maxDelayMs: 400 },
        environment: {
          createSocket(url, protocols) {
            const socket = new WebSocket(url, protocols)
            const send = socket.send.bind(socket)
            socket.send = (data: Parameters<typeof send>[0]) => {
              handedOver.push(JSON.parse(data as string))
              send(data)
            }
            return socket
          },
        },
      })
      live.connection.on('close', () => attempts.push(live.connection.getSnapshot().attempt))
      let count = 0
      const say = (): void => {
        live.connection.sendJSON({ n: count })
        count += 1
      }
      for (let round = 1; round <= 6; round += 1) {
        await openedTimes(live, round)
        say()
        const closesBefore = live.closes.length
        proxy.refuse()
        proxy.reset()
        await eventually(() => live.closes.length > closesBefore + 1, 'a retry was refused')
        say()
        await proxy.accept()
      }
      await eventually(() => server.received.some(isNewest), 'the newest arrived')
      expect(handedOver).toEqual(numbered(count))
      const arrived = server.received.map((message) => (message as { n: number }).n)
      expect(arrived).toEqual([...new Set(arrived)].toSorted((one, other) => one - other))
      expect(attempts).toEqual(attempts.map((_, index) => index + 1))
      expect(live.drops).toEqual([])

      function isNewest(message: unknown): boolean {
        return (message as { n: number }).n === count - 1
      }
    },
  )
})
