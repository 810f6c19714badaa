import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import type { Connection, RequestOptions } from '../../src/core/connection'
import type { ConnectionOptions } from '../../src/core/connection-options'
import { getConnection } from '../../src/core/default-pool'
import { byId } from '../../src/core/request-conventions'
import { correlate, type RequestConvention } from '../../src/core/requests'
import type { StandardSchema } from '../../src/core/schema'
import { createFakeEnvironment, type FakeSocket } from '../fake-environment'
import { recordConnection } from './recorded-connection'

/** What has become of a request so far. */
interface Asked {
  readonly answers: unknown[]
  readonly errors: unknown[]
}

type World = ReturnType<typeof recordConnection>

const pending: Asked = { answers: [], errors: [] }

function ask(
  connection: Connection,
  payload: unknown = { op: 'balance' },
  options?: RequestOptions,
): Asked {
  const asked: Asked = { answers: [], errors: [] }
  void connection.request(payload, options).then(
    (result) => asked.answers.push(result),
    (error: unknown) => asked.errors.push(error),
  )
  return asked
}

function idsSentOn(socket: FakeSocket): unknown[] {
  return socket.sentJSON().map((message) => (message as { id: unknown }).id)
}

/** Answers the newest request on a socket. */
function answer(socket: FakeSocket, more: object = {}): void {
  socket.receive({ id: idsSentOn(socket).at(-1), ...more })
}

/** How long a connection stays that nobody uses any more. */
const lingerMs = 1000

const counted = { requests: byId({ createId: (count) => count }) }

function createCodec(encode: (value: unknown) => unknown) {
  return { encode, decode: (data: unknown): unknown => JSON.parse(data as string) }
}

function refuse(): void {
  throw new Error('refused')
}

const slowCodec = createCodec((value) => Promise.resolve(JSON.stringify(value)))

describe('a request', () => {
  it('goes out with an id and gets the answer that repeats it', async () => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    const asked = ask(connection, { op: 'balance' })
    const [id] = idsSentOn(socket)
    expect(socket.sentJSON()).toEqual([{ op: 'balance', id }])
    socket.receive({ id, amount: 5 })
    await environment.advance(0)
    expect(asked).toEqual({ answers: [{ id, amount: 5 }], errors: [] })
  })

  it('gets its own answer, in whatever order they come', async () => {
    const { connection, environment, open } = recordConnection(counted)
    const socket = await open()
    const asked = [1, 2, 3].map((n) => ask(connection, { n }))
    for (const id of [3, 1, 2]) socket.receive({ id, text: `answer ${id}` })
    await environment.advance(0)
    expect(asked.map(({ answers }) => answers)).toEqual(
      [1, 2, 3].map((id) => [{ id, text: `answer ${id}` }]),
    )
  })

  it('leaves the object it was given as it is', async () => {
    const { connection, open } = recordConnection()
    await open()
    const payload = { op: 'balance' }
    ask(connection, payload)
    expect(payload).toEqual({ op: 'balance' })
  })

  it('never has an id that was used before, whatever became of the others', async () => {
    const { connection, environment, open, reopen } = recordConnection()
    const socket = await open()
    ask(connection)
    answer(socket)
    ask(connection, {}, { timeoutMs: 10 })
    await environment.advance(10)
    const controller = new AbortController()
    ask(connection, {}, { signal: controller.signal })
    controller.abort()
    ask(connection)
    socket.cut()
    const next = await reopen()
    ask(connection)
    const ids = [...idsSentOn(socket), ...idsSentOn(next)]
    expect(ids).toHaveLength(5)
    expect(new Set(ids).size).toBe(5)
  })

  it('has an id unlike those of another connection', async () => {
    const ids: unknown[] = []
    for (const random of [0.1, 0.7]) {
      const { connection, environment, open } = recordConnection()
      environment.setRandom(random)
      const socket = await open()
      ask(connection)
      ids.push(...idsSentOn(socket))
    }
    expect(new Set(ids).size).toBe(2)
  })

  it('takes the ids it is told to take', async () => {
    const createId = vi.fn<(count: number) => string>((count) => `request ${count}`)
    const { connection, open } = recordConnection({ requests: byId({ createId }) })
    const socket = await open()
    ask(connection)
    ask(connection)
    expect(idsSentOn(socket)).toEqual(['request 1', 'request 2'])
  })

  it('is refused an id that another one is waiting with', async () => {
    const { connection, environment, open } = recordConnection({
      requests: byId({ createId: () => 'always the same' }),
    })
    const socket = await open()
    const first = ask(connection)
    const second = ask(connection)
    await environment.advance(0)
    expect(second.errors).toMatchObject([
      { code: 'invalid-option', message: expect.stringContaining('(createId)') as string },
    ])
    expect(socket.sent).toHaveLength(1)
    answer(socket)
    await environment.advance(0)
    expect(first.answers).toHaveLength(1)
  })

  it('may be made before the connection is open, and keeps its place among the messages', async () => {
    const { connection, environment, open } = recordConnection(counted)
    connection.sendJSON('before')
    const asked = ask(connection, { op: 'balance' })
    connection.sendJSON('after')
    const socket = await open()
    expect(socket.sentJSON()).toEqual(['before', { op: 'balance', id: 1 }, 'after'])
    socket.receive({ id: 1 })
    await environment.advance(0)
    expect(asked.answers).toEqual([{ id: 1 }])
  })

  it('waits for the handshake, and is not answered by what the handshake asked', async () => {
    const { connection, environment, open } = recordConnection({
      ...counted,
      handshake: async ({ sendJSON, receive }) => {
        sendJSON('hello')
        await receive()
      },
    })
    const asked = ask(connection)
    const socket = await open()
    expect(socket.sentJSON()).toEqual(['hello'])
    socket.receive({ welcome: true })
    await environment.advance(0)
    expect(idsSentOn(socket)).toEqual([undefined, 1])
    answer(socket)
    await environment.advance(0)
    expect(asked.answers).toEqual([{ id: 1 }])
  })

  it('may be made by a listener that is just told', async () => {
    const { connection, environment, open } = recordConnection(counted)
    const asked: Asked[] = []
    connection.on('open', () => asked.push(ask(connection, { from: 'open' })))
    connection.on('message', () => asked.push(ask(connection, { from: 'message' })))
    const socket = await open()
    socket.receive('anything')
    for (const id of [1, 2]) socket.receive({ id })
    await environment.advance(0)
    expect(asked.map(({ answers }) => answers)).toEqual([[{ id: 1 }], [{ id: 2 }]])
  })
})

describe('an answer', () => {
  it('reaches no listener and is not the last message', async () => {
    const topicOf = vi.fn(() => 'topic')
    const { connection, messages, open } = recordConnection({ topicOf })
    const onTopic = vi.fn()
    connection.on('message', onTopic, { topic: 'topic' })
    connection.on('message', onTopic, { type: 'reply' })
    const socket = await open()
    ask(connection)
    answer(socket, { type: 'reply' })
    expect(messages).toEqual([])
    expect([onTopic, topicOf].map(({ mock }) => mock.calls)).toEqual([[], []])
    expect([connection.getLastMessage(), connection.getLastMessage('topic')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('is not checked against the schema of messages', async () => {
    const nothingIsValid: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [] }) },
    }
    const { connection, environment, errors, open } = recordConnection({ incoming: nothingIsValid })
    const socket = await open()
    const asked = ask(connection)
    answer(socket)
    await environment.advance(0)
    expect(asked.answers).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it('to nobody is a message like any other', async () => {
    const { connection, messages, open } = recordConnection()
    const socket = await open()
    ask(connection)
    const others = [{ id: 'of the server' }, { id: null }, { id: { deep: 1 } }, null, 'text', 7]
    others.forEach(socket.receive)
    expect(messages).toEqual(others)
  })

  const waysToGiveUp: [string, (world: World, controller: AbortController) => unknown][] = [
    ['after the time has passed', ({ environment }) => environment.advance(10_000)],
    ['after it was aborted', (_world, controller) => controller.abort()],
    [
      'after the link was lost',
      ({ environment, reopen }) => {
        environment.newestSocket().cut()
        return reopen()
      },
    ],
  ]

  it.each(waysToGiveUp)('%s changes nothing and reaches nobody', async (_when, giveUp) => {
    const world = recordConnection(counted)
    const { connection, environment, messages, open } = world
    const controller = new AbortController()
    await open()
    const asked = ask(connection, {}, { signal: controller.signal })
    await giveUp(world, controller)
    await environment.advance(0)
    environment.newestSocket().receive({ id: 1, late: true })
    await environment.advance(0)
    expect(asked).toMatchObject({ answers: [], errors: [{}] })
    expect(messages).toEqual([])
    expect(environment.reportedErrors).toEqual([])
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('that comes twice changes nothing the second time', async () => {
    const { connection, environment, open } = recordConnection(counted)
    const socket = await open()
    const first = ask(connection)
    socket.receive({ id: 1, text: 'first' })
    const second = ask(connection)
    socket.receive({ id: 1, text: 'again' })
    await environment.advance(0)
    expect(first).toEqual({ answers: [{ id: 1, text: 'first' }], errors: [] })
    expect(second).toEqual(pending)
    expect(environment.reportedErrors).toEqual([])
  })

  it('is recognized late for the last 1000 requests that were given up, no more', async () => {
    const { connection, messages, open } = recordConnection(counted)
    const socket = await open()
    const controller = new AbortController()
    for (let n = 0; n < 1001; n += 1) ask(connection, {}, { signal: controller.signal })
    controller.abort()
    for (const id of [2, 1001, 1]) socket.receive({ id })
    expect(messages).toEqual([{ id: 1 }])
  })

  it('that came before the close counts, also if decoding takes its time', async () => {
    let decoded = (_value: unknown): void => {}
    const decode = (): unknown => new Promise((resolve) => (decoded = resolve))
    const codec = { encode: JSON.stringify, decode }
    const { connection, environment, open } = recordConnection({ ...counted, codec })
    const socket = await open()
    const asked = ask(connection)
    answer(socket)
    socket.closeWith(1001)
    await environment.advance(0)
    expect(asked).toEqual(pending)
    decoded({ id: 1 })
    await environment.advance(0)
    expect(asked).toEqual({ answers: [{ id: 1 }], errors: [] })
  })

  it('that comes twice reaches no listener', async () => {
    const { connection, environment, messages, open } = recordConnection(counted)
    const socket = await open()
    const asked = ask(connection)
    answer(socket)
    answer(socket)
    const late = ask(connection, {}, { timeoutMs: 10 })
    await environment.advance(10)
    answer(socket)
    answer(socket)
    await environment.advance(0)
    expect([asked.answers.length, late.errors.length]).toEqual([1, 1])
    expect(messages).toEqual([])
  })

  it('may look like the answer to a ping', async () => {
    const { connection, environment, messages, open } = recordConnection({
      ...counted,
      heartbeat: { intervalMs: 60_000 },
    })
    const socket = await open()
    const asked = ask(connection)
    answer(socket, { type: 'pong' })
    socket.receive({ type: 'pong' })
    await environment.advance(0)
    expect(asked.answers).toEqual([{ id: 1, type: 'pong' }])
    expect(messages).toEqual([])
  })

  it('comes after the messages before it, also if those take time to decode', async () => {
    const decode = async (data: unknown): Promise<unknown> => {
      const message = JSON.parse(data as string) as { id?: number }
      if (message.id === undefined) await new Promise((resolve) => setImmediate(resolve))
      return message
    }
    const codec = { encode: (value: unknown): unknown => JSON.stringify(value), decode }
    const { connection, environment, open } = recordConnection({ ...counted, codec })
    const told: unknown[] = []
    connection.on('message', (message) => told.push(message))
    const socket = await open()
    void connection.request({ op: 'balance' }).then((result) => told.push(result))
    await environment.advance(0)
    socket.receive({ type: 'news' })
    socket.receive({ id: 1 })
    await environment.advance(10)
    expect(told).toEqual([{ type: 'news' }, { id: 1 }])
  })
})

describe('the time for an answer', () => {
  it('is ten seconds unless told otherwise', async () => {
    const { connection, environment, open } = recordConnection()
    await open()
    const asked = ask(connection)
    await environment.advance(9999)
    expect(asked).toEqual(pending)
    await environment.advance(1)
    expect(asked.errors).toMatchObject([{ name: 'WirehookError', code: 'request-timeout' }])
  })

  it('includes the time in the queue, from which it is then taken', async () => {
    const { connection, environment, drops, open } = recordConnection()
    const asked = ask(connection, {}, { timeoutMs: 500 })
    await environment.advance(499)
    expect(connection.getSnapshot().queued).toBe(1)
    await environment.advance(1)
    expect(asked.errors).toMatchObject([{ code: 'request-timeout' }])
    expect(connection.getSnapshot().queued).toBe(0)
    expect((await open()).sent).toEqual([])
    expect(drops).toEqual([])
  })

  it('goes on over a lost link', async () => {
    const { connection, environment, open, reopen } = recordConnection()
    const socket = await open()
    const asked = ask(connection, {}, { timeoutMs: 1000, idempotent: true })
    await environment.advance(600)
    socket.cut()
    await reopen()
    await environment.advance(124)
    expect(asked).toEqual(pending)
    await environment.advance(1)
    expect(asked.errors).toMatchObject([{ code: 'request-timeout' }])
  })

  it.each([0, Infinity])('of %d has no end', async (timeoutMs) => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    const asked = ask(connection, {}, { timeoutMs })
    await environment.advance(1e12)
    expect(asked).toEqual(pending)
    answer(socket)
    await environment.advance(0)
    expect(asked.answers).toHaveLength(1)
  })

  it.each([-1, NaN])('of %d is refused before anything is sent', async (timeoutMs) => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    const asked = ask(connection, {}, { timeoutMs })
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'invalid-option' }])
    expect(asked.errors[0]).toHaveProperty('message', expect.stringContaining('timeoutMs'))
    expect(socket.sent).toEqual([])
  })
})

describe('a signal', () => {
  it('that is aborted already lets nothing be sent', async () => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    const reason = new Error('left the page')
    const asked = ask(connection, {}, { signal: AbortSignal.abort(reason) })
    await environment.advance(0)
    expect(asked).toEqual({ answers: [], errors: [reason] })
    expect(socket.sent).toEqual([])
  })

  it('takes a request that waits out of the queue, and leaves the others', async () => {
    const { connection, environment, drops, open } = recordConnection(counted)
    const controller = new AbortController()
    ask(connection, { n: 1 })
    const asked = ask(connection, { n: 2 }, { signal: controller.signal })
    ask(connection, { n: 3 })
    controller.abort('changed my mind')
    await environment.advance(0)
    expect(asked.errors).toEqual(['changed my mind'])
    expect(connection.getSnapshot().queued).toBe(2)
    expect(idsSentOn(await open())).toEqual([1, 3])
    expect(drops).toEqual([])
  })

  it('takes a request back out while it is being encoded', async () => {
    const { connection, environment, open } = recordConnection({ ...counted, codec: slowCodec })
    const socket = await open()
    const controller = new AbortController()
    ask(connection, {}, { signal: controller.signal })
    controller.abort()
    ask(connection)
    await environment.advance(0)
    expect(idsSentOn(socket)).toEqual([2])
  })

  it('lets nothing be sent also if it is aborted while others make room for the request', async () => {
    const queue = { maxMessages: 1, overflow: 'drop-oldest' } as const
    const { connection, open } = recordConnection({ queue })
    const controller = new AbortController()
    connection.on('drop', () => controller.abort())
    connection.send('makes room')
    ask(connection, {}, { signal: controller.signal })
    expect((await open()).sent).toEqual([])
  })

  it('lets those go on that wait behind a request which is never encoded', async () => {
    const never = new Promise<string>(() => {})
    const codec = createCodec((value) =>
      (value as { id?: number }).id === 1 ? never : JSON.stringify(value),
    )
    const { connection, environment, open } = recordConnection({ ...counted, codec })
    const socket = await open()
    const controller = new AbortController()
    ask(connection, {}, { signal: controller.signal })
    connection.sendJSON('behind it')
    await environment.advance(0)
    controller.abort()
    await environment.advance(1000)
    expect(socket.sentJSON()).toEqual(['behind it'])
  })

  it('gives a request up that was sent', async () => {
    const { connection, environment, open } = recordConnection()
    await open()
    const controller = new AbortController()
    const asked = ask(connection, {}, { signal: controller.signal })
    controller.abort()
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ name: 'AbortError' }])
  })

  it('keeps a request that is idempotent from being sent again', async () => {
    const { connection, environment, open, reopen } = recordConnection()
    const socket = await open()
    const controller = new AbortController()
    const asked = ask(connection, {}, { signal: controller.signal, idempotent: true })
    socket.cut()
    controller.abort('enough')
    await environment.advance(0)
    expect(asked.errors).toEqual(['enough'])
    expect((await reopen()).sent).toEqual([])
  })

  it('changes nothing after the answer', async () => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    const controller = new AbortController()
    const asked = ask(connection, {}, { signal: controller.signal })
    answer(socket)
    controller.abort()
    await environment.advance(0)
    expect(asked.answers).toHaveLength(1)
    expect(asked.errors).toEqual([])
  })
})

describe('a link that is lost', () => {
  it('leaves the outcome of a request unknown, which is not sent again', async () => {
    const { connection, environment, open, reopen } = recordConnection()
    const socket = await open()
    const asked = ask(connection)
    socket.cut()
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ name: 'WirehookError', code: 'outcome-unknown' }])
    expect((await reopen()).sent).toEqual([])
  })

  const waysToLose: [string, ConnectionOptions, (world: World) => unknown][] = [
    ['close()', {}, ({ connection }) => connection.close()],
    ['reconnect()', {}, ({ connection }) => connection.reconnect()],
    ['a close of the server', {}, ({ environment }) => environment.newestSocket().closeWith(1000)],
    ['a final close code', {}, ({ environment }) => environment.newestSocket().closeWith(4403)],
    ['the back/forward cache', {}, ({ environment }) => environment.cachePage()],
    [
      'silence',
      { heartbeat: { intervalMs: 20, timeoutMs: 20 } },
      async ({ environment }) => environment.advance(40),
    ],
  ]

  it.each(waysToLose)('by %s does so, too', async (_name, options, lose) => {
    const world = recordConnection(options)
    await world.open()
    const asked = ask(world.connection)
    await lose(world)
    await world.environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'outcome-unknown' }])
  })

  it('lets an idempotent request be sent once more on each next link, with the same id', async () => {
    const { connection, environment, open, reopen } = recordConnection(counted)
    const sockets = [await open()]
    const asked = ask(connection, { op: 'balance' }, { idempotent: true, timeoutMs: 60_000 })
    for (let cuts = 0; cuts < 3; cuts += 1) {
      environment.newestSocket().cut()
      sockets.push(await reopen())
    }
    expect(sockets.map((socket) => socket.sentJSON())).toEqual(
      Array.from({ length: 4 }, () => [{ op: 'balance', id: 1 }]),
    )
    answer(environment.newestSocket(), { amount: 5 })
    await environment.advance(0)
    expect(asked).toEqual({ answers: [{ id: 1, amount: 5 }], errors: [] })
  })

  it('lets an idempotent request be sent as it was, whatever has become of its payload', async () => {
    const { connection, open, reopen } = recordConnection(counted)
    const socket = await open()
    const payload = { accounts: [1] }
    ask(connection, payload, { idempotent: true })
    payload.accounts.push(2)
    socket.cut()
    expect((await reopen()).sent).toEqual(socket.sent)
  })

  it('keeps what was not sent yet, in its order', async () => {
    const { connection, environment, open, reopen } = recordConnection(counted)
    const socket = await open()
    socket.bufferedAmount = 1e9
    const asked = [1, 2].map((n) => ask(connection, { n }))
    socket.cut()
    asked.push(ask(connection, { n: 3 }))
    const next = await reopen()
    expect(socket.sent).toEqual([])
    expect(idsSentOn(next)).toEqual([1, 2, 3])
    for (const id of [1, 2, 3]) next.receive({ id })
    await environment.advance(0)
    expect(asked.map(({ answers }) => answers)).toEqual([[{ id: 1 }], [{ id: 2 }], [{ id: 3 }]])
  })

  it('leaves the outcome unknown also of a request that had waited before it was sent', async () => {
    const { connection, environment, open } = recordConnection()
    const asked = ask(connection)
    const socket = await open()
    expect(socket.sent).toHaveLength(1)
    socket.cut()
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'outcome-unknown' }])
  })

  it('does not touch what a listener asks when it hears of the loss', async () => {
    const { connection, open, reopen } = recordConnection(counted)
    const asked: Asked[] = []
    connection.on('close', () => asked.push(ask(connection)))
    const socket = await open()
    socket.cut()
    const next = await reopen()
    expect(idsSentOn(next)).toEqual([1])
    expect(asked).toEqual([pending])
  })

  const fullQueues: [string, ConnectionOptions, number][] = [
    ['the queue is full', { queue: { maxMessages: 1 } }, 1],
    ['the queue is full and drops', { queue: { maxMessages: 1, overflow: 'drop-newest' } }, 1],
    ['there is no queue', { queue: false }, 0],
  ]

  it.each(fullQueues)(
    'leaves the outcome of an idempotent request unknown, too, if %s',
    async (_name, options, waiting) => {
      const { connection, environment, open, reopen } = recordConnection({ ...counted, ...options })
      const socket = await open()
      const asked = ask(connection, {}, { idempotent: true })
      socket.bufferedAmount = 1e9
      for (let n = 0; n < waiting; n += 1) connection.send('waiting')
      socket.cut()
      await environment.advance(0)
      expect(asked.errors).toMatchObject([{ code: 'outcome-unknown' }])
      expect((await reopen()).sent).toHaveLength(waiting)
    },
  )
})

describe('a request that cannot be sent', () => {
  it('is dropped if nothing is open and there is no queue', async () => {
    const { connection, environment, open } = recordConnection({ queue: false })
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'request-dropped' }])
    expect((await open()).sent).toEqual([])
  })

  it('is refused if the queue is full', async () => {
    const { connection, environment } = recordConnection({ queue: { maxMessages: 1 } })
    const first = ask(connection)
    const second = ask(connection)
    await environment.advance(0)
    expect(first).toEqual(pending)
    expect(second.errors).toMatchObject([{ code: 'queue-full' }])
  })

  it.each([
    ['drop-newest', 1],
    ['drop-oldest', 0],
  ] as const)('is dropped if the queue is full, by %s', async (overflow, dropped) => {
    const queue = { maxMessages: 1, overflow }
    const { connection, environment } = recordConnection({ queue })
    const asked = [ask(connection), ask(connection)]
    await environment.advance(0)
    expect(asked[dropped]?.errors).toMatchObject([{ code: 'request-dropped' }])
    expect(asked[1 - dropped]).toEqual(pending)
  })

  it('does not expire with the messages, for it has a time of its own', async () => {
    const { connection, environment, open } = recordConnection({ queue: { ttlMs: 100 } })
    connection.send('expires')
    const asked = ask(connection, {}, { timeoutMs: 5000 })
    await environment.advance(4000)
    expect((await open()).sent).toHaveLength(1)
    expect(asked).toEqual(pending)
  })

  it('is dropped if the link goes while it is encoded and there is no queue', async () => {
    const { connection, environment, open } = recordConnection({ queue: false, codec: slowCodec })
    const socket = await open()
    const asked = ask(connection)
    socket.cut()
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'request-dropped' }])
  })

  it('is rejected if it cannot be encoded, and takes no place in the queue', async () => {
    const { connection, environment, open } = recordConnection()
    const asked = ask(connection, { amount: 1n })
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'encode-failed' }])
    expect(connection.getSnapshot().queued).toBe(0)
    expect((await open()).sent).toEqual([])
  })

  it('is rejected if it cannot be encoded in the end', async () => {
    const codec = createCodec(() => Promise.reject(new Error('no key')))
    const { connection, environment, errors, open } = recordConnection({ codec })
    await open()
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'encode-failed', cause: { message: 'no key' } }])
    expect(errors).toEqual([])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 0 })
  })

  it('is checked before it gets its id, which a schema would not know', async () => {
    const outgoing: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ value: { op: (value as { op: unknown }).op } }),
      },
    }
    const { connection, environment, open } = recordConnection({ ...counted, outgoing })
    const socket = await open()
    ask(connection, { op: 'balance', stripped: true })
    await environment.advance(0)
    expect(socket.sentJSON()).toEqual([{ op: 'balance', id: 1 }])
  })

  it('is rejected if the schema for messages refuses it', async () => {
    const outgoing: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          (value as { op?: string }).op === 'balance' ? { value } : { issues: [{ message: 'no' }] },
      },
    }
    const { connection, environment, open } = recordConnection({ outgoing })
    const socket = await open()
    const asked = ask(connection, { op: 'else' })
    ask(connection, { op: 'balance' })
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'invalid-message', cause: [{ message: 'no' }] }])
    expect(socket.sentJSON()).toMatchObject([{ op: 'balance' }])
  })

  it('is rejected if the socket refuses it', async () => {
    const { connection, environment, open } = recordConnection()
    const socket = await open()
    socket.send = refuse
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ message: 'refused' }])
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('is dropped if the socket refuses it after it had to wait', async () => {
    const { connection, environment, drops, open } = recordConnection()
    const socket = await open()
    socket.bufferedAmount = 1e9
    const asked = ask(connection)
    Object.assign(socket, { bufferedAmount: 0, send: refuse })
    await environment.advance(10)
    expect(asked.errors).toMatchObject([{ code: 'request-dropped' }])
    expect(drops).toMatchObject([{ reason: 'failed' }])
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('is rejected, never thrown', async () => {
    const ownRequests = correlate({
      ask() {
        throw new Error('not like this')
      },
      answeredId: () => null,
    })
    const { connection, environment } = recordConnection({ requests: ownRequests })
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ message: 'not like this' }])
  })
})

describe('a server that answers with an error', () => {
  it('makes the request fail, with that error as the cause', async () => {
    const { connection, environment, messages, open } = recordConnection()
    const socket = await open()
    const asked = ask(connection)
    const error = { code: 'overdrawn' }
    answer(socket, { error })
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'request-failed', cause: error }])
    expect(messages).toEqual([])
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('is not told again when it repeats it', async () => {
    const { connection, environment, open } = recordConnection(counted)
    const socket = await open()
    const asked = ask(connection)
    socket.receive({ id: 1, error: 'first' })
    socket.receive({ id: 1, error: 'second' })
    socket.receive({ id: 1 })
    await environment.advance(0)
    expect(asked).toMatchObject({ answers: [], errors: [{ cause: 'first' }] })
  })
})

describe('a convention', () => {
  const convention: RequestConvention = {
    ask: (payload, id) => ['ask', id, payload],
    answeredId: (message) =>
      (Array.isArray(message) && message[0] === 'tell' ? message[1] : null) as unknown,
  }

  it('of its own says how to ask, and which message answers', async () => {
    const { connection, environment, messages, open } = recordConnection({
      requests: correlate({ ...convention, createId: (count) => count }),
    })
    const socket = await open()
    const asked = ask(connection, 'the time')
    expect(socket.sentJSON()).toEqual([['ask', 1, 'the time']])
    socket.receive(['shout', 1, 'hello'])
    socket.receive(['tell', 1, 'noon'])
    await environment.advance(0)
    expect(asked.answers).toEqual([['tell', 1, 'noon']])
    expect(messages).toEqual([['shout', 1, 'hello']])
  })

  it('may read the result out of the answer', async () => {
    const read = (message: unknown): unknown => (message as unknown[])[2]
    const { connection, environment, open } = recordConnection({
      requests: correlate({ ...convention, read, createId: (count) => count }),
    })
    const socket = await open()
    const asked = ask(connection, 'the time')
    socket.receive(['tell', 1, 'noon'])
    await environment.advance(0)
    expect(asked.answers).toEqual(['noon'])
  })

  it('that throws when it reads makes that request fail and no other', async () => {
    const read = (message: unknown): unknown => (message as { rows: unknown[] }).rows.length
    const { connection, environment, open } = recordConnection({
      requests: byId({ read, createId: (count) => count }),
    })
    const socket = await open()
    const asked = [ask(connection), ask(connection)]
    socket.receive({ id: 1 })
    socket.receive({ id: 2, rows: [1, 2, 3] })
    await environment.advance(0)
    expect(asked[0]?.errors).toMatchObject([
      { code: 'request-failed', cause: expect.any(TypeError) as unknown },
    ])
    expect(asked[1]?.answers).toEqual([3])
    expect(environment.reportedErrors).toEqual([])
  })

  it('that throws when it looks for the id is reported, and the message reaches listeners', async () => {
    const failure = new Error('cannot look')
    const { connection, environment, messages, open } = recordConnection({
      requests: correlate({
        ...convention,
        answeredId() {
          throw failure
        },
      }),
    })
    const socket = await open()
    const asked = ask(connection)
    socket.receive(['tell', 1])
    await environment.advance(0)
    expect(asked).toEqual(pending)
    expect(messages).toEqual([['tell', 1]])
    expect(environment.reportedErrors).toEqual([failure])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 0 })
  })

  it('is not asked about messages as long as nobody has made a request', async () => {
    const answeredId = vi.fn()
    const { open } = recordConnection({ requests: correlate({ ...convention, answeredId }) })
    const socket = await open()
    socket.receive('a message')
    expect(answeredId).not.toHaveBeenCalled()
  })
})

describe('a shared connection', () => {
  it('has no requests unless it is told which answers they get', async () => {
    const environment = createFakeEnvironment()
    const connection = getConnection('wss://no-requests.example/', { environment })
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ name: 'WirehookError', code: 'no-requests' }])
  })

  it('has them with the option', async () => {
    const environment = createFakeEnvironment()
    const connection = getConnection('wss://requests.example/', { environment, ...counted })
    const asked = ask(connection)
    connection.lease()
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive({ id: 1, text: 'yes' })
    await environment.advance(0)
    expect(asked.answers).toEqual([{ id: 1, text: 'yes' }])
  })
})

describe('the option requests', () => {
  it.each([byId, 'byId', () => ({})])('cannot be %o, which is said by name', async (requests) => {
    const { connection, environment, errors, open, closes } = recordConnection({
      requests: requests as never,
    })
    const socket = await open()
    const asked = ask(connection)
    await environment.advance(0)
    expect(asked.errors).toMatchObject([
      { code: 'invalid-option', message: expect.stringContaining('(requests)') as string },
    ])
    socket.cut()
    await environment.advance(0)
    expect([errors, closes.length]).toEqual([[], 1])
  })

  it('does not hide a wrong timeoutMs behind a schema that takes its time', async () => {
    const outgoing: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async () => Promise.reject(new Error('schema')),
      },
    }
    const { connection, environment, open } = recordConnection({ outgoing })
    await open()
    const asked = ask(connection, {}, { timeoutMs: -1 })
    await environment.advance(0)
    expect(asked.errors).toMatchObject([{ code: 'invalid-option' }])
  })
})

describe('a request that is over', () => {
  const endings: [string, (socket: FakeSocket, controller: AbortController) => unknown][] = [
    ['answered', (socket) => answer(socket)],
    ['answered with an error', (socket) => answer(socket, { error: 'no' })],
    ['aborted', (_socket, controller) => controller.abort()],
    ['of unknown outcome', (socket) => socket.cut()],
  ]

  it.each(endings)('because it was %s leaves nothing behind', async (_name, end) => {
    const { connection, environment, start } = recordConnection({ reconnect: false })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    const before = environment.countTimers()
    const controller = new AbortController()
    ask(connection, {}, { signal: controller.signal })
    expect(environment.countTimers()).toBe(before + 1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    end(socket, controller)
    expect(environment.countTimers()).toBe(before)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('because its time has passed leaves nothing behind', async () => {
    const { connection, environment } = recordConnection()
    const { signal } = new AbortController()
    ask(connection, {}, { signal, timeoutMs: 5 })
    await environment.advance(5)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(connection.getSnapshot().queued).toBe(0)
    await environment.advance(lingerMs)
    expect(environment.countTimers()).toBe(0)
  })

  it.each([
    ['dropped', { queue: false }, {}],
    ['refused', {}, { amount: 1n }],
    ['left without a place', { queue: { maxMessages: 0 } }, {}],
  ] as const)('because it was %s leaves nothing behind', async (_name, options, payload) => {
    const { connection, environment } = recordConnection(options)
    const { signal } = new AbortController()
    const asked = ask(connection, payload, { signal })
    await environment.advance(0)
    expect(asked.errors).toHaveLength(1)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await environment.advance(lingerMs)
    expect(environment.countTimers()).toBe(0)
  })
})

describe('whoever waits for an answer', () => {
  it('uses the connection, which opens for it', async () => {
    const { connection, environment } = recordConnection(counted)
    const asked = ask(connection)
    await environment.advance(0)
    await environment.newestSocket().open()
    answer(environment.newestSocket())
    await environment.advance(0)
    expect(asked.answers).toEqual([{ id: 1 }])
  })

  it('keeps it open after everybody else has left, until it lingers', async () => {
    const { connection, environment, start } = recordConnection()
    const release = await start()
    const socket = environment.newestSocket()
    await socket.open()
    const asked = ask(connection)
    release()
    await environment.advance(5000)
    expect(connection.getSnapshot().status).toBe('open')
    answer(socket)
    await environment.advance(lingerMs - 1)
    expect(asked.answers).toHaveLength(1)
    expect(connection.getSnapshot().status).toBe('open')
    await environment.advance(1)
    expect(connection.getSnapshot().status).toBe('idle')
    expect([environment.countTimers(), environment.countLiveSockets()]).toEqual([0, 0])
  })

  it.each([
    ['its time has passed', { timeoutMs: 50 }],
    ['it was aborted', { signal: AbortSignal.abort() }],
    ['it could not be asked', { timeoutMs: -1 }],
  ])('lets it close when %s', async (_why, options) => {
    const { connection, environment } = recordConnection()
    ask(connection, {}, options)
    await environment.advance(50 + lingerMs)
    expect(connection.getSnapshot().status).toBe('idle')
    expect([environment.countTimers(), environment.countLiveSockets()]).toEqual([0, 0])
  })
})
