import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { AttemptContext, HandshakeContext, InvalidMessage, UrlParams } from '../../src/core'
import type { LiveRig, RecordedConnection } from '../rig/live-rig'
import { openedTimes, reached, startLiveRig } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))

function neverAnswers<Value>(): Promise<Value> {
  return new Promise(() => {})
}

describe('opening', () => {
  it('goes from idle through connecting to open', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    expect(live.statuses).toEqual(['idle', 'connecting', 'open'])
    expect(live.opens).toEqual([{ reconnected: false, protocol: '' }])
    expect(server.upgrades).toEqual([{ url: '/live', protocols: [] }])
  })

  it('offers its subprotocols in order and tells which one the server picked', async () => {
    const { connect, server } = await startLiveRig({ pickProtocol: () => 'chat.v1' })
    const live = connect({ protocols: ['chat.v2', 'chat.v1'] })
    await reached(live, 'open')
    expect(server.upgrades[0]?.protocols).toEqual(['chat.v2', 'chat.v1'])
    expect(live.opens[0]?.protocol).toBe('chat.v1')
  })

  it('asks for parameters and subprotocols on every attempt', async () => {
    const { connect, server, proxy } = await startLiveRig({ pickProtocol: ([first = '']) => first })
    const live = connect({
      params: ({ attempt }) => Promise.resolve({ ticket: `t${attempt}`, none: null }),
      protocols: ({ attempt }) => `try.${attempt}`,
      reconnect: { stableAfterMs: 10_000 },
    })
    await reached(live, 'open')
    proxy.reset()
    await openedTimes(live, 2)
    expect(server.upgrades).toEqual([
      { url: '/live?ticket=t0', protocols: ['try.0'] },
      { url: '/live?ticket=t1', protocols: ['try.1'] },
    ])
  })

  it('tells the parameters how the last socket ended', async () => {
    const { connect, server } = await startLiveRig()
    const params = vi.fn<(context: AttemptContext) => UrlParams>(() => ({}))
    const live = connect({ params })
    await reached(live, 'open')
    server.closeAll(4000, 'moved')
    await openedTimes(live, 2)
    expect(params.mock.calls.map(([{ lastClose }]) => lastClose)).toEqual([null, live.closes[0]])
    expect(live.closes[0]).toMatchObject({ code: 4000, reason: 'moved' })
  })

  it('counts parameters that are rejected as a failed attempt and asks again', async () => {
    const { connect, server } = await startLiveRig()
    const params = vi
      .fn<() => Promise<UrlParams>>()
      .mockRejectedValueOnce(new Error('no token today'))
      .mockResolvedValue({ ticket: 'fresh' })
    const live = connect({ params })
    await reached(live, 'open')
    expect(live.closes).toMatchObject([{ code: null, by: 'client', openForMs: null }])
    expect(live.errors.map(({ code }) => code)).toEqual(['address-failed'])
    expect(server.upgrades).toEqual([{ url: '/live?ticket=fresh', protocols: [] }])
  })

  it('gives up on parameters that never come and asks again', async () => {
    const { connect } = await startLiveRig()
    const params = vi
      .fn<() => Promise<UrlParams>>()
      .mockReturnValueOnce(neverAnswers())
      .mockResolvedValue({})
    const live = connect({ params, connectTimeoutMs: 100 })
    await reached(live, 'open')
    expect(live.errors.map(({ code }) => code)).toEqual(['address-failed'])
    expect(params).toHaveBeenCalledTimes(2)
  })
})

describe('messages', () => {
  it('travel to the server and back', async () => {
    const { connect } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    expect(live.connection.sendJSON({ type: 'echo', text: 'grüße 🌍' })).toBe('sent')
    await eventually(() => live.messages.length === 1, 'the echo came')
    expect(live.messages).toEqual([{ type: 'echo', text: 'grüße 🌍' }])
    expect(live.connection.getLastMessage()).toBe(live.messages[0])
  })

  it('sent before the connection is open arrive in order, ahead of later ones', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const results = numbered(3).map((message) => live.connection.sendJSON(message))
    expect(results).toEqual(['queued', 'queued', 'queued'])
    expect(live.connection.getSnapshot()).toMatchObject({ status: 'idle' })
    await reached(live, 'open')
    live.connection.sendJSON({ n: 3 })
    await eventually(() => server.received.length === 4, 'all arrived')
    expect(server.received).toEqual(numbered(4))
    expect(live.connection.getSnapshot().queued).toBe(0)
  })

  it('sent while the server restarts arrive once and in order', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    await server.stop()
    await reached(live, 'reconnecting')
    numbered(50).forEach((message) => live.connection.sendJSON(message))
    await eventually(() => live.closes.length >= 2, 'a retry failed')
    expect(live.connection.getSnapshot().queued).toBe(50)
    await server.start()
    await eventually(() => server.received.length >= 50, 'all arrived')
    await quietTime(50)
    expect(server.received).toEqual(numbered(50))
  })

  it('arrive as they were when they were sent', { tags: ['fault-86', 'fault-87'] }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const message = { text: 'before' }
    const bytes = new Uint8Array([1, 2, 3])
    live.connection.sendJSON(message)
    live.connection.send(bytes)
    message.text = 'after'
    bytes.fill(9)
    await eventually(() => server.received.length === 2, 'both arrived')
    expect(server.received).toEqual([{ text: 'before' }, Buffer.from([1, 2, 3])])
  })

  it('too large for the queue go out as they are, one after the other', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ queue: { maxBytes: 1000 }, pacing: { highWaterBytes: 1000 } })
    await reached(live, 'open')
    const large = { text: 'x'.repeat(500_000) }
    expect([live.connection.sendJSON(large), live.connection.sendJSON(large)]).toEqual([
      'sent',
      'sent',
    ])
    await eventually(() => server.received.length === 2, 'both arrived')
  })

  it('in binary make the round trip as an ArrayBuffer', { tags: ['fault-87'] }, async () => {
    const { connect } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    const around = new Uint8Array([7, 0, 128, 255, 7])
    live.connection.send(around.subarray(1, 4))
    await eventually(() => live.messages.length === 1, 'the echo came')
    expect(live.messages[0]).toBeInstanceOf(ArrayBuffer)
    expect([...new Uint8Array(live.messages[0] as ArrayBuffer)]).toEqual([0, 128, 255])
  })

  it.each([
    ['larger than allowed', JSON.stringify('x'.repeat(999)), 'message-too-large'],
    ['larger than allowed in binary', Buffer.alloc(1001), 'message-too-large'],
    ['that are no JSON', '{"half":', 'malformed-message'],
  ])(
    '%s are reported and the connection stays',
    { tags: ['fault-81', 'fault-82'] },
    async (_kind, frame, code) => {
      const { connect, server } = await startLiveRig()
      const onInvalid = vi.fn<(invalid: InvalidMessage) => void>()
      const live = connect({ maxMessageBytes: 1000, onInvalid })
      await reached(live, 'open')
      server.broadcast(frame)
      server.broadcastJSON('x'.repeat(998))
      await eventually(() => live.messages.length === 1, 'the good one came')
      expect(live.messages).toEqual(['x'.repeat(998)])
      expect(live.errors).toMatchObject([{ code }])
      expect(onInvalid.mock.calls).toMatchObject([[{ error: { code } }]])
      expect(live.connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
      expect(live.sockets).toHaveLength(1)
    },
  )

  it(
    'of a long queue wait while the socket is full, and none is lost',
    { timeout: 20_000 },
    async () => {
      const { connect, server, proxy } = await startLiveRig()
      const highWaterBytes = 65_536
      const frameHeaderBytes = 14
      let peakBufferedBytes = 0
      const live = connect({
        pacing: { highWaterBytes },
        queue: { maxMessages: 5000, maxBytes: 10_000_000 },
        environment: {
          createSocket(url, protocols) {
            const socket = new WebSocket(url, protocols)
            const send = socket.send.bind(socket)
            socket.send = (data: Parameters<typeof send>[0]) => {
              send(data)
              peakBufferedBytes = Math.max(peakBufferedBytes, socket.bufferedAmount)
            }
            return socket
          },
        },
      })
      const messages = numbered(5000).map(({ n }) => ({ n, text: 'x'.repeat(1000) }))
      messages.forEach((message) => live.connection.sendJSON(message))
      proxy.throttle(10_000_000, 'up')
      await eventually(() => server.received.length > 0, 'the flush began')
      expect(live.connection.getSnapshot().queued).toBeGreaterThan(0)
      expect(live.connection.sendJSON({ n: 'last' })).toBe('queued')
      await vi.waitFor(() => expect(server.received).toHaveLength(5001), { timeout: 15_000 })
      expect(server.received).toEqual([...messages, { n: 'last' }])
      expect(live.drops).toEqual([])
      expect(peakBufferedBytes).toBeGreaterThan(0)
      expect(peakBufferedBytes).toBeLessThanOrEqual(highWaterBytes + frameHeaderBytes)
    },
  )
})

describe('a handshake', () => {
  const authenticate =
    (token: string) =>
    async (socket: HandshakeContext): Promise<void> => {
      socket.sendJSON({ type: 'auth', token })
      await socket.receive<{ type: string }>((message) => message.type === 'auth-ok')
    }
  const slowlyValid = async (token: unknown) => {
    await quietTime(30)
    return token === 'good'
  }

  it('completes before the connection is open and the queue is sent', async () => {
    const { connect, server } = await startLiveRig({ isTokenValid: slowlyValid })
    const live = connect({ handshake: authenticate('good') })
    numbered(3).forEach((message) => live.connection.sendJSON(message))
    await eventually(() => server.received.length === 4, 'all arrived')
    expect(server.received).toEqual([{ type: 'auth', token: 'good' }, ...numbered(3)])
    expect(live.messages).toEqual([])
    expect(server.totalConnections).toBe(1)
  })

  it('leaves what it does not ask for to the listeners, in order and once open', async () => {
    const { connect } = await startLiveRig({ greetings: ['news 1', 'question', 'news 2'] })
    const live = connect({
      handshake: async (socket) => {
        await socket.receive((message) => message === 'question')
        await quietTime(20)
      },
    })
    await eventually(() => live.messages.length > 0, 'a message came')
    expect(live.connection.getSnapshot().status).toBe('open')
    expect(live.messages).toEqual(['news 1', 'news 2'])
  })

  it('runs again on the socket after', async () => {
    const { connect, server, proxy } = await startLiveRig({ isTokenValid: slowlyValid })
    const live = connect({ handshake: authenticate('good') })
    await reached(live, 'open')
    proxy.reset()
    await eventually(() => live.closes.length === 1, 'the link was lost')
    live.connection.sendJSON({ n: 0 })
    await eventually(() => server.received.length === 3, 'all arrived')
    expect(server.received.map((message) => Object.keys(message as object))).toEqual([
      ['type', 'token'],
      ['type', 'token'],
      ['n'],
    ])
  })

  it.each([
    ['that throws', () => Promise.reject(new Error('wrong password'))],
    ['that never ends', () => neverAnswers<void>()],
  ])('%s counts as a failed attempt, without ever being open', async (_way, handshake) => {
    const { connect, server } = await startLiveRig()
    const live = connect({ handshake, connectTimeoutMs: 100, reconnect: { maxAttempts: 2 } })
    live.connection.sendJSON({ n: 0 })
    await reached(live, 'failed')
    expect(live.errors.map(({ code }) => code)).toEqual([
      'handshake-failed',
      'handshake-failed',
      'handshake-failed',
      'attempts-exhausted',
    ])
    expect(live.opens).toEqual([])
    expect(server.totalConnections).toBe(3)
    await eventually(() => server.connected === 0, 'no socket is left')
    expect(server.received).toEqual([])
  })
})

describe('an explicit close', () => {
  interface Phase {
    readonly begin: (rig: LiveRig) => Promise<RecordedConnection>
    /** Lets what the attempt was waiting for happen after all. */
    readonly goOn?: (rig: LiveRig) => void | Promise<void>
  }

  let answerLate = (_params: UrlParams): void => {}
  const phases: [name: string, phase: Phase][] = [
    [
      'its address is being found',
      {
        async begin({ connect }) {
          const params = vi.fn(() => new Promise<UrlParams>((resolve) => (answerLate = resolve)))
          const live = connect({ params })
          await eventually(() => params.mock.calls.length === 1, 'params were asked for')
          return live
        },
        goOn: () => answerLate({}),
      },
    ],
    [
      'the socket is being opened',
      {
        async begin({ connect, proxy }) {
          proxy.hangHandshakes()
          const live = connect()
          await eventually(() => proxy.openLinks === 1, 'the socket was dialled')
          return live
        },
        goOn: ({ proxy }) => proxy.heal(),
      },
    ],
    [
      'the handshake runs',
      {
        async begin({ connect, server }) {
          const live = connect({ handshake: () => neverAnswers() })
          await eventually(() => server.connected === 1, 'the socket opened')
          return live
        },
      },
    ],
    [
      'it is open',
      {
        async begin({ connect }) {
          const live = connect()
          await reached(live, 'open')
          return live
        },
      },
    ],
    [
      'it waits for its next attempt',
      {
        async begin({ connect, proxy }) {
          proxy.refuse()
          const live = connect()
          await eventually(() => live.closes.length === 1, 'the first attempt failed')
          return live
        },
        goOn: ({ proxy }) => proxy.accept(),
      },
    ],
  ]

  it.each(phases)(
    'leaves no socket and ends all retries while %s',
    async (_phase, { begin, goOn }) => {
      const rig = await startLiveRig()
      const live = await begin(rig)
      live.connection.close()
      expect(live.connection.getSnapshot()).toMatchObject({ status: 'closed', retryAt: null })
      const socketsBefore = live.sockets.length
      await goOn?.(rig)
      await eventually(
        () => rig.proxy.openLinks === 0 && !rig.server.connected,
        'no socket is left',
      )
      await quietTime(150)
      expect(live.sockets).toHaveLength(socketsBefore)
      expect(live.connection.getSnapshot().status).toBe('closed')
    },
  )

  it('in a listener is the last thing listeners hear of', async () => {
    const { connect } = await startLiveRig({ greetings: [1, 2, 3] })
    const held = connect({ handshake: () => quietTime(20) })
    held.connection.on('message', () => held.connection.close())
    await eventually(() => held.messages.length > 0, 'the first message came')
    const early = connect()
    early.connection.on('open', () => early.connection.close())
    await reached(early, 'closed')
    await quietTime(30)
    expect(held.messages).toEqual([1])
    expect(early.messages).toEqual([])
  })

  it('ends what a handshake still waits to receive', async () => {
    const { connect } = await startLiveRig()
    const begun = vi.fn()
    const ended = vi.fn()
    const live = connect({
      handshake: async ({ receive }) => {
        begun()
        await receive().catch(ended)
      },
    })
    await eventually(() => begun.mock.calls.length === 1, 'the handshake is under way')
    live.connection.close()
    await eventually(() => ended.mock.calls.length === 1, 'the handshake was told')
  })

  it('aborts the signal of the attempt', async () => {
    const { connect } = await startLiveRig()
    const params = vi.fn<(context: AttemptContext) => Promise<UrlParams>>(() => neverAnswers())
    const live = connect({ params })
    await eventually(() => params.mock.calls.length === 1, 'params were asked for')
    const signal = params.mock.calls[0]?.[0].signal
    expect(signal?.aborted).toBe(false)
    live.connection.close()
    expect(signal?.aborted).toBe(true)
  })

  it('tells the server its code and reason', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    live.connection.close(4123, 'signed out')
    expect(live.closes).toMatchObject([{ code: 4123, reason: 'signed out', by: 'client' }])
    await eventually(() => server.closes.length === 1, 'the server saw it')
    expect(server.closes).toEqual([{ code: 4123, reason: 'signed out' }])
  })

  it('is undone by reconnect, and messages queued meanwhile arrive', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    live.connection.close()
    expect(live.connection.sendJSON({ n: 0 })).toBe('queued')
    live.connection.reconnect()
    await eventually(() => server.received.length === 1, 'the message arrived')
    expect(live.connection.getSnapshot().status).toBe('open')
    expect(server.totalConnections).toBe(2)
  })
})

describe('reconnect', () => {
  it('replaces an open socket and ignores what the old one still brings', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.delay(60, 'down')
    server.broadcastJSON('too late')
    live.connection.reconnect()
    await openedTimes(live, 2)
    server.broadcastJSON('in time')
    await eventually(() => live.messages.length > 0, 'a message came')
    expect(live.messages).toEqual(['in time'])
    await eventually(() => server.connected === 1, 'the old socket is gone')
    expect(server.closes).toMatchObject([{ code: 1000 }])
  })

  it('replaces a socket that hangs while it is being opened', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.hangHandshakes()
    const live = connect({ connectTimeoutMs: 60_000 })
    await eventually(() => proxy.openLinks === 1, 'the socket was dialled')
    proxy.heal()
    live.connection.reconnect()
    await reached(live, 'open')
    expect(live.sockets).toHaveLength(2)
  })

  it('starts counting anew, but asks nobody twice, while parameters are being asked', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.refuse()
    const asked = vi.fn<() => UrlParams | Promise<UrlParams>>(() => ({}))
    const live = connect({ params: asked })
    await eventually(() => live.closes.length === 2, 'two attempts failed')
    asked.mockImplementation(neverAnswers)
    await eventually(() => asked.mock.calls.length === 3, 'the third one is asking')
    live.connection.reconnect()
    expect(live.connection.getSnapshot().attempt).toBe(0)
    expect(asked).toHaveBeenCalledTimes(3)
  })

  it('cuts the wait for the next attempt', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.refuse()
    const live = connect({ reconnect: { minDelayMs: 60_000 }, environment: { random: () => 0.9 } })
    await eventually(() => live.closes.length === 1, 'the first attempt failed')
    await proxy.accept()
    live.connection.reconnect()
    await reached(live, 'open')
    expect(live.sockets).toHaveLength(2)
  })
})

describe('leases', () => {
  it('keep the socket until the last one has ended and the linger has passed', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ lingerMs: 40 })
    const endSecond = live.connection.lease()
    await reached(live, 'open')
    live.release()
    await quietTime(80)
    expect(live.connection.getSnapshot().status).toBe('open')
    endSecond()
    const leftAt = performance.now()
    await eventually(() => server.closes.length === 1, 'the server saw the end')
    expect(performance.now() - leftAt).toBeGreaterThanOrEqual(38)
    expect(server.closes).toEqual([{ code: 1000, reason: '' }])
    expect(live.connection.getSnapshot().status).toBe('idle')
    await quietTime(100)
    expect(live.sockets).toHaveLength(1)
  })

  it('taken while the connection lingers keep its socket', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ lingerMs: 40 })
    await reached(live, 'open')
    live.release()
    live.connection.lease()
    await quietTime(100)
    expect(server.closes).toEqual([])
    expect(live.connection.getSnapshot().status).toBe('open')
  })

  it('that all end stop the retries', async () => {
    const { connect, proxy } = await startLiveRig()
    proxy.refuse()
    const live = connect()
    await eventually(() => live.closes.length === 2, 'two attempts failed')
    live.release()
    await reached(live, 'idle')
    const socketsBefore = live.sockets.length
    await quietTime(150)
    expect(live.sockets).toHaveLength(socketsBefore)
  })

  it('taken again after the end open a new socket', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    live.release()
    await reached(live, 'idle')
    live.connection.lease()
    await openedTimes(live, 2)
    expect(server.totalConnections).toBe(2)
  })
})
