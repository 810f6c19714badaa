import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Way } from '../rig/network/fault-proxy'
import type { RecordedConnection } from '../rig/live-rig'
import { openedTimes, reached, startLiveRig } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'

const quickHeartbeat = { intervalMs: 60, timeoutMs: 60 }

function errorCodes({ errors }: RecordedConnection): string[] {
  return errors.map(({ code }) => code)
}

describe('a lost link', () => {
  it.each(['reset', 'finish'] as const)(
    'by %s is replaced and reported truly',
    { tags: ['fault-1', 'fault-3'] },
    async (end) => {
      const { connect, proxy } = await startLiveRig()
      const live = connect()
      await reached(live, 'open')
      proxy[end]()
      await openedTimes(live, 2)
      expect(live.statuses).toEqual(['idle', 'connecting', 'open', 'reconnecting', 'open'])
      expect(live.closes).toMatchObject([
        { code: 1006, reason: '', by: 'network', wasClean: false, error: null },
      ])
      expect(live.closes[0]?.openForMs).toBeGreaterThanOrEqual(0)
      expect(live.connection.getSnapshot().lastClose).toEqual(live.closes[0])
      expect(live.opens[1]).toMatchObject({ reconnected: true })
    },
  )

  it('carries messages again once it is replaced', async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.reset()
    await openedTimes(live, 2)
    live.connection.sendJSON({ type: 'echo', n: 1 })
    await eventually(() => live.messages.length === 1, 'the echo came')
    expect(live.messages).toEqual([{ type: 'echo', n: 1 }])
  })

  it('in the middle of a message delivers no part of it', { tags: ['fault-81'] }, async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.cutAfter(500, 'down')
    server.broadcastJSON({ text: 'x'.repeat(1000) })
    await openedTimes(live, 2)
    server.broadcastJSON({ text: 'whole' })
    await eventually(() => live.messages.length > 0, 'a message came')
    expect(live.messages).toEqual([{ text: 'whole' }])
    expect(live.errors).toEqual([])
  })

  it('in the middle of the answer to the upgrade is a failed attempt', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.cutAfter(40, 'down')
    const live = connect()
    await reached(live, 'open')
    expect(live.statuses).toEqual(['idle', 'connecting', 'reconnecting', 'open'])
    expect(live.closes).toMatchObject([{ code: 1006, by: 'network', openForMs: null }])
  })
})

describe('a server out of reach', () => {
  it('is retried until it listens again', { tags: ['fault-19'] }, async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.refuse()
    const live = connect()
    await eventually(() => live.closes.length === 2, 'two attempts failed')
    expect(live.closes).toMatchObject([
      { code: 1006, by: 'network', wasClean: false, openForMs: null },
      { code: 1006, by: 'network', wasClean: false, openForMs: null },
    ])
    await proxy.accept()
    await reached(live, 'open')
    expect(live.statuses).toEqual(['idle', 'connecting', 'reconnecting', 'open'])
  })

  it('tells when it tries again', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.refuse()
    const live = connect({ reconnect: { minDelayMs: 1000 }, environment: { random: () => 0.5 } })
    await eventually(() => live.closes.length === 1, 'the first attempt failed')
    const { status, attempt, retryAt, lastClose } = live.connection.getSnapshot()
    expect({ status, attempt }).toEqual({ status: 'reconnecting', attempt: 1 })
    expect(Number(retryAt) - Number(lastClose?.at)).toBe(525)
  })

  it(
    'that hangs in the handshake is given up in time and tried again',
    { tags: ['fault-16'] },
    async () => {
      const { connect, proxy } = await startLiveRig()
      proxy.hangHandshakes()
      const live = connect({ connectTimeoutMs: 100 })
      await eventually(() => live.closes.length === 2, 'two attempts failed')
      expect(errorCodes(live)).toEqual(['connect-timeout', 'connect-timeout'])
      expect(live.closes[0]).toMatchObject({
        code: null,
        by: 'client',
        wasClean: false,
        openForMs: null,
        error: { code: 'connect-timeout' },
      })
      await eventually(() => proxy.openLinks <= 1, 'the abandoned sockets are gone')
      proxy.heal()
      await reached(live, 'open')
    },
  )

  it('behind a black hole is given up in time and found again', { tags: ['fault-4'] }, async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect({ connectTimeoutMs: 100, heartbeat: quickHeartbeat })
    await reached(live, 'open')
    proxy.blackHole('both')
    await eventually(() => live.closes.length === 2, 'the socket and an attempt were given up')
    expect(errorCodes(live)).toEqual(['heartbeat-timeout', 'connect-timeout'])
    proxy.heal()
    await openedTimes(live, 2)
  })
})

describe('a heartbeat', () => {
  it.each<Way>(['both', 'up', 'down'])(
    'replaces a link that is silently dead (%s) without waiting for its close',
    { tags: ['fault-4', 'fault-5', 'fault-6'] },
    async (way) => {
      const { connect, proxy } = await startLiveRig()
      const live = connect({ heartbeat: quickHeartbeat })
      await reached(live, 'open')
      proxy.silence(way)
      await openedTimes(live, 2)
      expect(errorCodes(live)).toEqual(['heartbeat-timeout'])
      expect(live.closes).toMatchObject([
        { code: null, by: 'client', wasClean: false, error: { code: 'heartbeat-timeout' } },
      ])
      expect(live.sockets.map(({ readyState }) => readyState)).toEqual([
        WebSocket.CLOSING,
        WebSocket.OPEN,
      ])
    },
  )

  it('keeps a socket that answers and hides the answers from listeners', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ heartbeat: { intervalMs: 30, timeoutMs: 1000 } })
    await eventually(() => server.received.length >= 5, 'five pings came')
    expect(server.received[4]).toEqual({ type: 'ping' })
    expect(live.sockets).toHaveLength(1)
    expect(live.messages).toEqual([])
  })

  it('measures the round trip', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.delay(50, 'down')
    const startedAt = performance.now()
    const live = connect({ heartbeat: { intervalMs: 30, timeoutMs: 2000 } })
    await reached(live, 'open')
    expect(live.connection.getSnapshot().latencyMs).toBeNull()
    await eventually(() => live.connection.getSnapshot().latencyMs !== null, 'a pong came')
    const latencyMs = Number(live.connection.getSnapshot().latencyMs)
    expect(latencyMs).toBeGreaterThanOrEqual(49)
    expect(latencyMs).toBeLessThan(performance.now() - startedAt)
  })

  it('takes any frame for a sign of life, on a slow link too', async () => {
    const { connect, server, proxy } = await startLiveRig({ answersPings: false })
    proxy.delay(100)
    const live = connect({ heartbeat: { intervalMs: 60, timeoutMs: 240 } })
    await reached(live, 'open')
    for (let tick = 0; tick < 8; tick += 1) {
      server.broadcastJSON({ tick })
      await quietTime(120)
    }
    await eventually(() => live.messages.length === 8, 'all ticks came')
    expect(server.received).toContainEqual({ type: 'ping' })
    expect(live.sockets).toHaveLength(1)
    expect(live.errors).toEqual([])
  })

  it('replaces a socket whose pings are not answered and that brings nothing else', async () => {
    const { connect } = await startLiveRig({ answersPings: false })
    const live = connect({ heartbeat: quickHeartbeat })
    await openedTimes(live, 2)
    expect(errorCodes(live)[0]).toBe('heartbeat-timeout')
  })

  it("answers a server's ping and hides it from listeners", async () => {
    const { connect, server } = await startLiveRig()
    const isServerPing = (message: unknown): message is { id: number } =>
      (message as { type?: unknown } | null)?.type === 'server-ping'
    const live = connect({
      heartbeat: {
        intervalMs: Infinity,
        reply: (message) =>
          isServerPing(message) ? { type: 'server-pong', id: message.id } : undefined,
      },
    })
    await reached(live, 'open')
    server.broadcastJSON({ type: 'server-ping', id: 7 })
    server.broadcastJSON({ type: 'news' })
    await eventually(() => server.received.length === 1, 'the answer came')
    expect(server.received).toEqual([{ type: 'server-pong', id: 7 }])
    expect(live.messages).toEqual([{ type: 'news' }])
  })
})
