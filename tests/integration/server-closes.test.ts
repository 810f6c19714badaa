import { describe, expect, it, vi } from 'vitest'
import type { AttemptContext, HandshakeContext, UrlParams } from '../../src/core'
import { openedTimes, reached, startLiveRig } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'

describe('a close by the server', () => {
  it.each([1000, 1001, 1011, 1012, 1014, 4000, 4408])(
    'with %i is followed by a retry',
    { tags: ['fault-38'] },
    async (code) => {
      const { connect, server } = await startLiveRig()
      const live = connect()
      await reached(live, 'open')
      server.closeAll(code, 'because')
      await openedTimes(live, 2)
      expect(live.closes).toMatchObject([{ code, reason: 'because', by: 'server', wasClean: true }])
      expect(live.errors).toEqual([])
    },
  )

  it('without a code is reported as 1005 and followed by a retry', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    server.closeAll()
    await openedTimes(live, 2)
    expect(live.closes).toMatchObject([{ code: 1005, reason: '', by: 'server', wasClean: true }])
  })

  it.each([1013, 4429])(
    'with %i is left alone for five seconds',
    { tags: ['fault-39'] },
    async (code) => {
      const { connect, server } = await startLiveRig()
      const live = connect()
      await reached(live, 'open')
      server.closeAll(code)
      await reached(live, 'reconnecting')
      const { retryAt, lastClose } = live.connection.getSnapshot()
      expect(lastClose).toMatchObject({ code, by: 'server' })
      expect(Number(retryAt) - Number(lastClose?.at)).toBeGreaterThanOrEqual(5000)
    },
  )

  it.each([1002, 1003, 1007, 1008, 1009, 1010, 4400, 4403, 4404, 4500, 4999])(
    'with %i is final',
    { tags: ['fault-40'] },
    async (code) => {
      const { connect, server } = await startLiveRig()
      const live = connect()
      await reached(live, 'open')
      server.closeAll(code)
      await reached(live, 'failed')
      expect(live.connection.getSnapshot()).toMatchObject({
        error: { code: 'closed-for-good' },
        lastClose: { code, by: 'server' },
        retryAt: null,
      })
      expect(live.errors.map((error) => error.code)).toEqual(['closed-for-good'])
      await quietTime(100)
      expect(server.totalConnections).toBe(1)
    },
  )

  it('that is final is undone by reconnect', { tags: ['fault-40'] }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    server.closeAll(4403)
    await reached(live, 'failed')
    live.connection.reconnect()
    await openedTimes(live, 2)
    expect(live.connection.getSnapshot()).toMatchObject({ status: 'open', error: null })
  })

  it('is judged by decide before the rule for its code', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({
      reconnect: { decide: ({ code }) => (code === 4403 ? 'retry' : 'stop') },
    })
    await reached(live, 'open')
    server.closeAll(4403)
    await openedTimes(live, 2)
    server.closeAll(1000)
    await reached(live, 'failed')
    expect(live.connection.getSnapshot().error).toMatchObject({ code: 'closed-for-good' })
  })
})

describe('an expired token', () => {
  const neverWithin = { reconnect: { minDelayMs: 60_000 }, environment: { random: () => 0.9 } }

  it('is replaced by a fresh one at once', { tags: ['fault-41'] }, async () => {
    const { connect, server } = await startLiveRig()
    let tokens = 0
    const params = vi.fn<(context: AttemptContext) => UrlParams>(() => ({ token: (tokens += 1) }))
    const live = connect({ params, ...neverWithin })
    await reached(live, 'open')
    server.closeAll(4401)
    await openedTimes(live, 2)
    expect(server.upgrades.map(({ url }) => url)).toEqual(['/live?token=1', '/live?token=2'])
    expect(params.mock.calls[1]?.[0].lastClose).toMatchObject({ code: 4401 })
  })

  it('that is refused twice in a row ends the retries', { tags: ['fault-41'] }, async () => {
    const { connect, server } = await startLiveRig({ isTokenValid: () => false })
    const handshake = async (socket: HandshakeContext): Promise<void> => {
      socket.sendJSON({ type: 'auth', token: 'stale' })
      await socket.receive()
    }
    const live = connect({ handshake, ...neverWithin })
    await reached(live, 'failed')
    expect(live.connection.getSnapshot().error).toMatchObject({ code: 'unauthorized' })
    expect(live.errors.map(({ code }) => code)).toEqual(['unauthorized'])
    expect(live.opens).toEqual([])
    await quietTime(100)
    expect(server.totalConnections).toBe(2)
  })
})

describe('attempts', () => {
  it.each([401, 503])('refused with HTTP %i end with 1006 and are repeated', async (status) => {
    const { connect, server } = await startLiveRig()
    server.refuseUpgrades(status)
    const live = connect()
    await eventually(() => live.closes.length === 2, 'two attempts failed')
    server.acceptUpgrades()
    await reached(live, 'open')
    expect(live.closes[1]).toMatchObject({ code: 1006, by: 'network', openForMs: null })
    expect(live.statuses).toEqual(['idle', 'connecting', 'reconnecting', 'open'])
  })

  it('end after maxAttempts retries, until reconnect starts over', async () => {
    const { connect, server } = await startLiveRig()
    server.refuseUpgrades(503)
    const live = connect({ reconnect: { maxAttempts: 5 } })
    await reached(live, 'failed')
    expect(server.upgrades).toHaveLength(6)
    expect(live.errors.map(({ code }) => code)).toEqual(['attempts-exhausted'])
    await quietTime(150)
    expect(server.upgrades).toHaveLength(6)
    server.acceptUpgrades()
    live.connection.reconnect()
    await reached(live, 'open')
    expect(live.connection.getSnapshot()).toMatchObject({ error: null, attempt: 0 })
  })

  it('follow the rule for the code if decide throws, and its error is reported', async () => {
    const { connect, server } = await startLiveRig()
    const reportError = vi.fn()
    const broken = new Error('decide broke')
    const live = connect({
      reconnect: {
        decide: () => {
          throw broken
        },
      },
      environment: { reportError },
    })
    await reached(live, 'open')
    server.closeAll(1012)
    await openedTimes(live, 2)
    expect(reportError).toHaveBeenCalledWith(broken)
  })

  it('end with the first one if reconnect is off', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ reconnect: false })
    await reached(live, 'open')
    server.closeAll(1012)
    await reached(live, 'failed')
    await quietTime(100)
    expect(server.totalConnections).toBe(1)
  })

  it.each([
    ['says nothing', []],
    ['says hello', ['hello']],
  ])('slow down when the server lets each in, %s and closes it', async (_case, greetings) => {
    const { connect, server } = await startLiveRig({ greetings })
    server.closeOnOpen(1000)
    const startedAt = performance.now()
    const live = connect({
      reconnect: { minDelayMs: 60, factor: 2 },
      environment: { random: () => 1 - Number.EPSILON },
    })
    await eventually(() => live.closes.length === 4, 'it was let in and closed four times')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(60 + 120 + 240 - 10)
    expect(live.opens).toHaveLength(4)
    expect(live.messages).toHaveLength(4 * greetings.length)
    expect(live.connection.getSnapshot().attempt).toBe(4)
  })

  it.each([
    ['are counted on', 'has heard nothing', false, 2],
    ['start over', 'has heard something', true, 1],
  ])('%s once the connection has lasted and %s', async (_what, _case, isHeard, attempt) => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect({ reconnect: { stableAfterMs: 20 } })
    await reached(live, 'open')
    proxy.reset()
    await eventually(() => live.closes.length === 1, 'it was lost')
    expect(live.connection.getSnapshot().attempt).toBe(1)
    await openedTimes(live, 2)
    if (isHeard) server.broadcastJSON('proof')
    await eventually(() => live.messages.length === Number(isHeard), 'the proof came')
    await quietTime(60)
    proxy.reset()
    await eventually(() => live.closes.length === 2, 'it was lost again')
    expect(live.connection.getSnapshot().attempt).toBe(attempt)
  })
})
