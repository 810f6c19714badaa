import { describe, expect, it } from 'vitest'
import { byId } from '../../src/core'
import { openedTimes, reached, startLiveRig } from '../rig/live-rig'
import { eventually } from '../rig/waiting'

const counted = { requests: byId({ createId: (count) => count }) }

describe('a request', () => {
  it('is answered by the server, and listeners hear nothing of it', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect(counted)
    await reached(live, 'open')
    const reply = await live.connection.request({ type: 'echo', text: 'grüße 🌍' })
    expect(reply).toEqual({ type: 'echo', text: 'grüße 🌍', id: 1 })
    expect(server.received).toEqual([reply])
    expect(live.messages).toEqual([])
  })

  it('gets its own answer among many that are under way', async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect()
    proxy.delay(5)
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    const replies = await Promise.all(
      numbers.map((n) => live.connection.request<{ n: number }>({ type: 'echo', n })),
    )
    expect(replies.map(({ n }) => n)).toEqual(numbers)
    expect(live.messages).toEqual([])
  })

  it('made while the server restarts is answered once it is back', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect(counted)
    await reached(live, 'open')
    await server.stop()
    await reached(live, 'reconnecting')
    const reply = live.connection.request({ type: 'echo' })
    await server.start()
    expect(await reply).toEqual({ type: 'echo', id: 1 })
    expect(server.received).toEqual([{ type: 'echo', id: 1 }])
  })

  it(
    'that takes too long is given up, and its late answer reaches nobody',
    { tags: ['fault-55'] },
    async () => {
      const { connect, server, proxy } = await startLiveRig()
      const live = connect()
      await reached(live, 'open')
      proxy.delay(100, 'down')
      const reply = live.connection.request({ type: 'echo' }, { timeoutMs: 20 })
      await expect(reply).rejects.toMatchObject({ code: 'request-timeout' })
      server.broadcastJSON('after the answer')
      await eventually(() => live.messages.length > 0, 'a message came')
      expect(live.messages).toEqual(['after the answer'])
    },
  )

  it('that is aborted while the link is down never reaches the server', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const controller = new AbortController()
    const reply = live.connection.request({ n: 1 }, { signal: controller.signal })
    controller.abort()
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
    await live.connection.request({ type: 'echo' })
    expect(server.received).toMatchObject([{ type: 'echo' }])
  })
})

describe('a link that is lost while a request is under way', () => {
  it.each(['reset', 'finish'] as const)(
    'by %s leaves its outcome unknown, and it is not sent again',
    async (end) => {
      const { connect, server, proxy } = await startLiveRig()
      const live = connect(counted)
      await reached(live, 'open')
      const reply = live.connection.request({ type: 'pay' })
      await eventually(() => server.received.length === 1, 'the server has it')
      proxy[end]()
      await expect(reply).rejects.toMatchObject({ code: 'outcome-unknown' })
      await live.connection.request({ type: 'echo' })
      expect(server.received).toMatchObject([{ type: 'pay' }, { type: 'echo' }])
    },
  )

  it('in the middle of the answer leaves its outcome unknown', async () => {
    const { connect, proxy } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    proxy.cutAfter(500, 'down')
    const reply = live.connection.request({ type: 'echo', text: 'x'.repeat(1000) })
    await expect(reply).rejects.toMatchObject({ code: 'outcome-unknown' })
    expect(live.messages).toEqual([])
    expect(live.errors).toEqual([])
  })

  it('lets an idempotent one be sent once more, with the same id, and answered', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect(counted)
    await reached(live, 'open')
    proxy.silence('down')
    const reply = live.connection.request({ type: 'echo' }, { idempotent: true })
    await eventually(() => server.received.length === 1, 'the server has it')
    proxy.reset()
    expect(await reply).toEqual({ type: 'echo', id: 1 })
    await openedTimes(live, 2)
    expect(server.received).toEqual([
      { type: 'echo', id: 1 },
      { type: 'echo', id: 1 },
    ])
    expect(live.messages).toEqual([])
  })

  it('and is dead without a word does so once the heartbeat notices', async () => {
    const { connect, server, proxy } = await startLiveRig()
    const live = connect({ ...counted, heartbeat: { intervalMs: 60, timeoutMs: 60 } })
    await reached(live, 'open')
    proxy.silence('down')
    const replies = [
      live.connection.request({ type: 'echo', n: 1 }, { idempotent: true }),
      live.connection.request({ type: 'echo', n: 2 }),
    ] as const
    await expect(replies[1]).rejects.toMatchObject({ code: 'outcome-unknown' })
    expect(await replies[0]).toMatchObject({ n: 1 })
    expect(server.received.filter((message) => (message as { n?: number }).n === 2)).toHaveLength(1)
  })
})
