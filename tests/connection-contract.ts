import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionSnapshot, SendResult } from '../src/core/connection'

/**
 * A connection in a world that the test moves. To run the contract for a layer, make its connection
 * on fakes and say how its other side behaves.
 */
export interface ContractSubject {
  readonly connection: Connection
  /** How long it lingers after its last user has left. */
  readonly lingerMs: number
  /** Lets promises settle and time pass. */
  advance(durationMs: number): Promise<void>
  /** The other side accepts what is being opened; the connection is `open` afterwards. */
  accept(): Promise<void>
  /** The link breaks. The connection will try again by itself. */
  cut(): Promise<void>
  /** The other side refuses for good; the connection is `failed` afterwards. */
  refuse(): Promise<void>
  /** The other side sends a message. */
  deliver(message: unknown): Promise<void>
  /** What has reached the other side since the beginning, decoded, in order. */
  readArrived(): readonly unknown[]
  /** How many links are being opened or open. */
  countLinks(): number
  /** What listeners threw and was reported. */
  readonly reportedErrors: readonly unknown[]
}

/** What every layer that is a `Connection` keeps to. */
export function describeConnection(name: string, create: () => ContractSubject): void {
  /** A subject with a lease on it. */
  async function setUp() {
    const subject = create()
    const release = subject.connection.lease()
    await subject.advance(0)
    return { ...subject, subject, release }
  }

  async function setUpOpen() {
    const begun = await setUp()
    await begun.accept()
    return begun
  }

  const readStatus = (connection: Connection): string => connection.getSnapshot().status

  describe(name, () => {
    describe('before anybody uses it', () => {
      it('is idle, has no link and no message', async () => {
        const { connection, advance, countLinks } = create()
        await advance(60_000)
        expect(connection.getSnapshot()).toEqual({
          status: 'idle',
          attempt: 0,
          retryAt: null,
          pausedBy: null,
          lastClose: null,
          error: null,
          latencyMs: null,
          queued: 0,
          invalidMessages: 0,
        } satisfies ConnectionSnapshot)
        expect(connection.getLastMessage()).toBeUndefined()
        expect(countLinks()).toBe(0)
      })
    })

    describe('the snapshot', () => {
      it('is the same object until something in it changes', async () => {
        const { connection, accept, deliver } = await setUp()
        const connecting = connection.getSnapshot()
        expect(connection.getSnapshot()).toBe(connecting)
        await accept()
        const open = connection.getSnapshot()
        expect(open).not.toBe(connecting)
        await deliver({ n: 1 })
        connection.lease()
        expect(connection.getSnapshot()).toBe(open)
        expect(connecting.status).toBe('connecting')
      })

      it('calls whoever subscribed for each change, and nobody for a message', async () => {
        const { connection, accept, deliver } = await setUp()
        const seen: ConnectionSnapshot[] = []
        connection.subscribe(() => seen.push(connection.getSnapshot()))
        await accept()
        expect(seen.map(({ status }) => status)).toContain('open')
        expect(new Set(seen).size).toBe(seen.length)
        seen.length = 0
        await deliver({ n: 1 })
        await deliver({ n: 2 })
        expect(seen).toEqual([])
      })

      it('does not call whoever has unsubscribed', async () => {
        const { connection } = await setUpOpen()
        let calls = 0
        const listener = (): number => (calls += 1)
        const undo = connection.subscribe(listener)
        connection.subscribe(listener)
        undo()
        undo()
        connection.close()
        expect(calls).toBeGreaterThan(0)
        const afterOne = calls
        connection.reconnect()
        expect(calls).toBeGreaterThan(afterOne)
      })
    })

    describe('leases', () => {
      it('open it, in a microtask, for the first of them', async () => {
        const { connection, advance, countLinks } = create()
        connection.lease()
        expect(readStatus(connection)).toBe('idle')
        await advance(0)
        expect(readStatus(connection)).toBe('connecting')
        connection.lease()
        await advance(0)
        expect(countLinks()).toBe(1)
      })

      it('do nothing if they end in the same task', async () => {
        const { connection, advance, countLinks } = create()
        connection.lease()()
        await advance(0)
        expect(readStatus(connection)).toBe('idle')
        expect(countLinks()).toBe(0)
      })

      it('keep it open until the last has ended and the linger time is over', async () => {
        const { connection, release, advance, lingerMs, countLinks } = await setUpOpen()
        const other = connection.lease()
        release()
        release()
        await advance(lingerMs * 3)
        expect(readStatus(connection)).toBe('open')
        other()
        await advance(lingerMs - 1)
        expect(readStatus(connection)).toBe('open')
        await advance(1)
        expect(readStatus(connection)).toBe('idle')
        expect(countLinks()).toBe(0)
      })

      it('taken within the linger time keep it open', async () => {
        const { connection, release, advance, lingerMs } = await setUpOpen()
        const before = connection.getSnapshot()
        release()
        await advance(lingerMs - 1)
        connection.lease()
        await advance(lingerMs * 3)
        expect(connection.getSnapshot()).toBe(before)
      })

      it('taken after that open it anew, as if for the first time', async () => {
        const { connection, release, advance, lingerMs, countLinks } = await setUpOpen()
        release()
        await advance(lingerMs)
        connection.lease()
        await advance(0)
        expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', lastClose: null })
        expect(countLinks()).toBe(1)
      })
    })

    describe('close()', () => {
      it('closes at once, for good, and tells', async () => {
        const { connection, advance, countLinks } = await setUpOpen()
        const told: string[] = []
        connection.on('close', ({ by, code, reason }) => told.push(`${by} ${code} ${reason}`))
        connection.close(4001, 'bye')
        expect(connection.getSnapshot()).toMatchObject({
          status: 'closed',
          retryAt: null,
          error: null,
          lastClose: { code: 4001, reason: 'bye', by: 'client' },
        })
        expect(told).toEqual(['client 4001 bye'])
        expect(countLinks()).toBe(0)
        connection.lease()
        await advance(3_600_000)
        expect(readStatus(connection)).toBe('closed')
        expect(countLinks()).toBe(0)
      })

      it('cuts a wait', async () => {
        const { connection, cut, advance, countLinks } = await setUpOpen()
        await cut()
        connection.close()
        await advance(3_600_000)
        expect(readStatus(connection)).toBe('closed')
        expect(countLinks()).toBe(0)
      })

      it('refuses codes that scripts may not use', async () => {
        const { connection } = await setUpOpen()
        for (const code of [0, 1001, 1006, 2999, 5000, NaN]) {
          expect(() => connection.close(code)).toThrow(/invalid-option/)
        }
        expect(readStatus(connection)).toBe('open')
      })
    })

    describe('reconnect()', () => {
      it('replaces an open link', async () => {
        const { connection, accept, advance, countLinks } = await setUpOpen()
        connection.reconnect()
        expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', retryAt: null })
        await advance(0)
        expect(countLinks()).toBe(1)
        await accept()
        expect(readStatus(connection)).toBe('open')
      })

      it.each(['closed', 'failed', 'waiting'] as const)('works while %s', async (state) => {
        const { connection, cut, refuse, accept, advance, countLinks } = await setUpOpen()
        if (state === 'closed') connection.close()
        if (state === 'failed') await refuse()
        if (state === 'waiting') await cut()
        connection.reconnect()
        await advance(0)
        expect(connection.getSnapshot()).toMatchObject({
          status: 'reconnecting',
          attempt: 0,
          error: null,
        })
        expect(countLinks()).toBe(1)
        await accept()
        expect(readStatus(connection)).toBe('open')
      })
    })

    describe('a link that breaks', () => {
      it('is replaced by itself, and the wait shows', async () => {
        const { connection, cut, accept, advance, countLinks } = await setUpOpen()
        await cut()
        const { status, attempt, retryAt, pausedBy, lastClose } = connection.getSnapshot()
        expect({ status, attempt, pausedBy }).toEqual({
          status: 'reconnecting',
          attempt: 1,
          pausedBy: null,
        })
        expect(lastClose).not.toBeNull()
        await advance((retryAt ?? 0) - (lastClose?.at ?? 0))
        expect(countLinks()).toBe(1)
        await accept()
        expect(connection.getSnapshot()).toMatchObject({
          status: 'open',
          attempt: 0,
          retryAt: null,
        })
      })

      it('that was refused for good is not', async () => {
        const { connection, refuse, advance, countLinks } = await setUpOpen()
        const errors: unknown[] = []
        connection.on('error', (error) => errors.push(error))
        await refuse()
        const { status, error } = connection.getSnapshot()
        expect(status).toBe('failed')
        expect(error).toMatchObject({ name: 'WirehookError' })
        expect(errors).toEqual([error])
        await advance(3_600_000)
        expect(countLinks()).toBe(0)
      })
    })

    describe('messages that come', () => {
      it('are told to every listener, once, in order', async () => {
        const { connection, deliver } = await setUpOpen()
        const told: unknown[] = []
        connection.on('message', (message) => told.push(['a', message]))
        connection.on('message', (message) => told.push(['b', message]))
        await deliver({ n: 1 })
        await deliver({ n: 2 })
        expect(told).toEqual([
          ['a', { n: 1 }],
          ['b', { n: 1 }],
          ['a', { n: 2 }],
          ['b', { n: 2 }],
        ])
        expect(connection.getLastMessage()).toEqual({ n: 2 })
      })

      it('are not told to whoever has left', async () => {
        const { connection, deliver } = await setUpOpen()
        const told: unknown[] = []
        const undo = connection.on('message', (message) => told.push(message))
        await deliver(1)
        undo()
        undo()
        await deliver(2)
        expect(told).toEqual([1])
      })

      it('reach the others also if one listener throws, and its error is reported', async () => {
        const { connection, deliver, reportedErrors } = await setUpOpen()
        const error = new Error('listener')
        const told: unknown[] = []
        connection.on('message', () => {
          throw error
        })
        connection.on('message', (message) => told.push(message))
        await deliver(1)
        await deliver(2)
        expect(told).toEqual([1, 2])
        expect(reportedErrors).toEqual([error, error])
        expect(readStatus(connection)).toBe('open')
      })
    })

    describe('messages that are filtered', () => {
      const alert = { type: 'alert', text: 'fire' }
      const price = { type: 'price', n: 1 }

      it.each([{ type: 'alert' }, { topic: 'alert' }, { topic: 'alert', type: 'alert' }])(
        'by %o are told to whoever asked for them, once, in order',
        async (filter) => {
          const { connection, deliver } = await setUpOpen()
          const told: unknown[] = []
          connection.on('message', (message) => told.push(message), filter)
          for (const message of [price, alert, 'text', null, { ...alert, text: 'over' }]) {
            await deliver(message)
          }
          expect(told).toEqual([alert, { ...alert, text: 'over' }])
        },
      )

      it.each([{}, { topic: undefined, type: undefined }])('by %o are all', async (filter) => {
        const { connection, deliver } = await setUpOpen()
        const told: unknown[] = []
        connection.on('message', (message) => told.push(message), filter)
        await deliver(price)
        await deliver('text')
        expect(told).toEqual([price, 'text'])
      })

      it('are not told to whoever has left', async () => {
        const { connection, deliver } = await setUpOpen()
        const told: unknown[] = []
        const undo = connection.on('message', () => told.push('a'), { topic: 'alert' })
        connection.on('message', () => told.push('b'), { topic: 'alert' })
        undo()
        undo()
        await deliver(alert)
        expect(told).toEqual(['b'])
      })

      it('reach the others also if one listener throws, and its error is reported', async () => {
        const { connection, deliver, reportedErrors } = await setUpOpen()
        const error = new Error('listener')
        const told: unknown[] = []
        const explode = (): never => {
          throw error
        }
        connection.on('message', explode, { topic: 'alert' })
        connection.on('message', (message) => told.push(message), { topic: 'alert' })
        connection.on('message', (message) => told.push(message))
        await deliver(alert)
        expect(told).toEqual([alert, alert])
        expect(reportedErrors).toEqual([error])
      })

      it('are kept, the newest of each topic, also over a link that breaks', async () => {
        const { connection, deliver, cut } = await setUpOpen()
        await deliver(alert)
        await deliver(price)
        await deliver('text')
        await cut()
        expect(connection.getLastMessage()).toBe('text')
        expect(connection.getLastMessage('alert')).toEqual(alert)
        expect(connection.getLastMessage('price')).toEqual(price)
        expect(connection.getLastMessage('chat')).toBeUndefined()
      })

      it('are there as the newest when the listeners are told', async () => {
        const { connection, deliver } = await setUpOpen()
        const seen: unknown[] = []
        const note = (): unknown => seen.push(connection.getLastMessage('alert'))
        connection.on('message', note)
        connection.on('message', note, { topic: 'alert' })
        await deliver(alert)
        expect(seen).toEqual([alert, alert])
      })
    })

    describe('renderings', () => {
      it('come at once for a message after a quiet time, as they do unless told otherwise', async () => {
        const { connection, deliver, advance } = await setUpOpen()
        let renders = 0
        const plan = connection.planRender(() => (renders += 1))
        connection.on('message', () => plan.request())
        await advance(100)
        await deliver(1)
        expect(renders).toBe(1)
      })

      it('come as often as they are asked for, and never after cancel()', async () => {
        const { connection, advance } = await setUpOpen()
        let renders = 0
        const plan = connection.planRender(() => (renders += 1), 'sync')
        plan.request()
        plan.request()
        expect(renders).toBe(2)
        plan.request('frame')
        plan.cancel()
        await advance(1000)
        expect(renders).toBe(2)
      })

      it('of many messages come once, soon', async () => {
        const { connection, advance } = await setUpOpen()
        let renders = 0
        const plan = connection.planRender(() => (renders += 1))
        for (let n = 0; n < 1000; n += 1) plan.request('frame')
        expect(renders).toBe(0)
        await advance(1000)
        expect(renders).toBe(1)
      })
    })

    describe('requests', () => {
      type Asked = { readonly id: unknown }
      const answer = (asked: unknown): object => ({ id: (asked as Asked).id, amount: 5 })

      it('get their answers, whatever the order, and listeners do not', async () => {
        const { connection, deliver, advance, readArrived } = await setUpOpen()
        const told: unknown[] = []
        connection.on('message', (message) => told.push(message))
        const replies = [connection.request({ op: 'a' }), connection.request({ op: 'b' })]
        await advance(0)
        expect(readArrived()).toMatchObject([{ op: 'a' }, { op: 'b' }])
        const answers = readArrived().map(answer)
        await deliver(answers[1])
        await deliver({ n: 1 })
        await deliver(answers[0])
        expect(await Promise.all(replies)).toEqual(answers)
        expect(told).toEqual([{ n: 1 }])
      })

      it('wait until it is open', async () => {
        const { connection, accept, deliver, advance, readArrived } = await setUp()
        const reply = connection.request({ op: 'a' })
        await accept()
        await advance(0)
        await deliver(answer(readArrived()[0]))
        expect(await reply).toMatchObject({ amount: 5 })
      })

      it('are given up when their time is over, and the late answer is ignored', async () => {
        const { connection, deliver, advance, readArrived } = await setUpOpen()
        const told: unknown[] = []
        connection.on('message', (message) => told.push(message))
        const outcome = connection.request({ op: 'a' }, { timeoutMs: 100 }).catch((e: unknown) => e)
        await advance(100)
        expect(await outcome).toMatchObject({ code: 'request-timeout' })
        await deliver(answer(readArrived()[0]))
        expect(told).toEqual([])
      })

      it('have an unknown outcome if the link breaks before the answer', async () => {
        const { connection, cut, advance } = await setUpOpen()
        const outcome = connection.request({ op: 'a' }).catch((error: unknown) => error)
        await advance(0)
        await cut()
        expect(await outcome).toMatchObject({ code: 'outcome-unknown' })
      })

      it('are asked again, with the same id, on the next link if they are idempotent', async () => {
        const { connection, cut, accept, deliver, advance, readArrived } = await setUpOpen()
        const reply = connection.request({ op: 'a' }, { idempotent: true })
        await advance(0)
        await cut()
        connection.reconnect()
        await accept()
        await advance(0)
        const [first, second] = readArrived()
        expect(second).toEqual(first)
        await deliver(answer(second))
        expect(await reply).toMatchObject({ amount: 5 })
      })

      it('end with their signal, and are then not sent', async () => {
        const { connection, accept, advance, readArrived } = await setUp()
        const abort = new AbortController()
        const reason = new Error('left')
        const outcome = connection
          .request({ op: 'a' }, { signal: abort.signal })
          .catch((error: unknown) => error)
        await advance(0)
        abort.abort(reason)
        expect(await outcome).toBe(reason)
        await accept()
        await advance(0)
        expect(readArrived()).toEqual([])
      })
    })

    describe('messages that go', () => {
      it('arrive once, in order, whenever they were sent', async () => {
        const { connection, accept, cut, advance, readArrived } = await setUp()
        const results: SendResult[] = []
        const send = (n: number): unknown => results.push(connection.sendJSON({ n }))
        send(1)
        send(2)
        await accept()
        send(3)
        await advance(100)
        await cut()
        send(4)
        connection.reconnect()
        await accept()
        send(5)
        await advance(100)
        expect(readArrived()).toEqual([1, 2, 3, 4, 5].map((n) => ({ n })))
        expect(results).toEqual(['queued', 'queued', 'sent', 'queued', 'sent'])
      })

      it('are counted while they wait', async () => {
        const { connection, accept, advance } = await setUp()
        connection.sendJSON(1)
        connection.sendJSON(2)
        await advance(0)
        expect(connection.getSnapshot().queued).toBe(2)
        await accept()
        await advance(0)
        expect(connection.getSnapshot().queued).toBe(0)
      })

      it('are dropped while it is not open if they shall not wait', async () => {
        const { connection, accept, readArrived } = await setUp()
        expect(connection.sendJSON(1, { whenClosed: 'drop' })).toBe('dropped')
        await accept()
        expect(connection.sendJSON(2, { whenClosed: 'drop' })).toBe('sent')
        expect(readArrived()).toEqual([2])
      })

      it('are told as dropped when their time is over', async () => {
        const { connection, accept, advance, readArrived } = await setUp()
        const drops: unknown[] = []
        connection.on('drop', ({ reason }) => drops.push(reason))
        connection.sendJSON(1, { ttlMs: 50 })
        connection.sendJSON(2)
        await advance(50)
        await accept()
        expect(drops).toEqual(['expired'])
        expect(readArrived()).toEqual([2])
      })

      it('are replaced by newer ones with the same key', async () => {
        const { connection, accept, readArrived } = await setUp()
        connection.sendJSON('cursor 1', { replaceKey: 'cursor' })
        connection.sendJSON('chat')
        connection.sendJSON('cursor 2', { replaceKey: 'cursor' })
        await accept()
        expect(readArrived()).toEqual(['chat', 'cursor 2'])
      })

      it('that cannot be encoded are refused at once and take no place', async () => {
        const { connection, accept, readArrived } = await setUp()
        connection.sendJSON('kept')
        expect(() => connection.sendJSON(1n)).toThrow(/encode-failed/)
        expect(() => connection.send(7 as never)).toThrow(/encode-failed/)
        await accept()
        expect(readArrived()).toEqual(['kept'])
      })

      it('are kept over a close()', async () => {
        const { connection, accept, advance, readArrived } = await setUp()
        connection.sendJSON('kept')
        connection.close()
        connection.reconnect()
        await advance(0)
        await accept()
        expect(readArrived()).toEqual(['kept'])
      })
    })

    describe('events', () => {
      it('are told in the order in which they happened, when the snapshot shows them', async () => {
        const { connection, accept, deliver, cut } = await setUp()
        const log: string[] = []
        const note = (event: string): unknown => log.push(`${event} ${readStatus(connection)}`)
        connection.on('open', ({ reconnected }) => note(`open ${reconnected}`))
        connection.on('message', () => note('message'))
        connection.on('close', () => note('close'))
        await accept()
        await deliver(1)
        await cut()
        connection.reconnect()
        await accept()
        connection.close()
        expect(log).toEqual([
          'open false open',
          'message open',
          'close reconnecting',
          'open true open',
          'close closed',
        ])
      })

      it('keep that order also if a listener closes', async () => {
        const { connection, accept } = await setUp()
        const log: string[] = []
        connection.on('open', () => connection.close())
        connection.on('close', () => log.push('close'))
        connection.on('open', () => log.push('open'))
        await accept().catch(() => {})
        expect(log).toEqual(['open', 'close'])
        expect(readStatus(connection)).toBe('closed')
      })
    })
  })
}
