import { getEventListeners } from 'node:events'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createConnection } from '../../src/core/create-connection'
import { byId } from '../../src/core/request-conventions'
import { createFakeEnvironment, type FakeSocket } from '../fake-environment'

/** What can happen, in any order. What makes no sense at that moment does nothing. */
type Step =
  | { readonly type: 'ask'; readonly isIdempotent: boolean; readonly timeoutMs: number }
  | { readonly type: 'answer' | 'abort'; readonly which: number }
  | { readonly type: 'advance'; readonly ms: number }
  | { readonly type: 'accept' | 'cut' | 'fill' | 'empty' | 'close' | 'reconnect' }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('ask'),
      isIdempotent: fc.boolean(),
      timeoutMs: fc.constantFrom(0, 30, 400, 5000, Infinity),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('answer'), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('abort'), which: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('advance'),
      ms: fc.constantFrom(0, 10, 30, 500, 5000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constantFrom('accept', 'accept', 'cut', 'fill', 'empty') }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('close', 'reconnect') }) },
)

/** Without settling, the next step comes in the same task. */
const anySteps = fc.array(
  fc.record({ step: anyStep, isSettled: fc.integer({ min: 0, max: 3 }).map(Boolean) }),
  { minLength: 5, maxLength: 60 },
)

interface Asked {
  readonly id: number
  readonly isIdempotent: boolean
  readonly deadline: number
  readonly controller: AbortController
  /** What it was told: none yet, or one. */
  readonly outcomes: string[]
  /** What it has to be told. */
  expected: string | undefined
  /** How often it had been sent when it was over. */
  timesSentInTheEnd: number
  isAnswered: boolean
}

/** A connection that asks, and a model of what has to come of each request. */
function createWorld() {
  const environment = createFakeEnvironment()
  const connection = createConnection('wss://a.example/', {
    environment,
    lingerMs: 0,
    requests: byId({ createId: (count) => count, read: ({ text }: never) => text as unknown }),
  })
  const release = connection.lease()
  const all: Asked[] = []
  const told: unknown[] = []
  const doubled: unknown[] = []
  let answerCount = 0

  connection.on('message', (message) => told.push(message))

  function newest(): FakeSocket | undefined {
    return environment.sockets.at(-1)
  }

  function listSent(socket: FakeSocket | undefined): unknown[] {
    return socket?.sentJSON().map((message) => (message as { id: number }).id) ?? []
  }

  function countSent({ id }: Asked): number {
    return environment.sockets.flatMap(listSent).filter((sent) => sent === id).length
  }

  function listPending(): Asked[] {
    return all.filter(({ expected }) => expected === undefined)
  }

  function settle(asked: Asked | undefined, outcome: string): void {
    if (!asked || asked.expected !== undefined) return
    asked.expected = outcome
    asked.timesSentInTheEnd = countSent(asked)
  }

  function ask(isIdempotent: boolean, timeoutMs: number): void {
    const controller = new AbortController()
    const asked: Asked = {
      id: all.length + 1,
      isIdempotent,
      deadline: environment.now() + (timeoutMs || Infinity),
      controller,
      outcomes: [],
      expected: undefined,
      timesSentInTheEnd: 0,
      isAnswered: false,
    }
    all.push(asked)
    const options = { timeoutMs, signal: controller.signal, idempotent: isIdempotent }
    connection.request({}, options).then(
      (text) => asked.outcomes.push(String(text)),
      (error: unknown) =>
        asked.outcomes.push((error as { code?: string }).code ?? 'of unknown kind'),
    )
  }

  /** The server answers any request it has seen, on whatever link, as often as it likes. */
  function answer(asked: Asked | undefined): void {
    const socket = newest()
    if (socket?.readyState !== 1 || !asked) return
    answerCount += 1
    const message = { id: asked.id, text: `answer ${answerCount}` }
    if (asked.isAnswered) doubled.push(message)
    asked.isAnswered = true
    settle(asked, message.text)
    socket.receive(message)
  }

  /** What has to come of the requests when the link goes. */
  function lose(): void {
    const lost = new Set(newest()?.readyState === 1 ? listSent(newest()) : [])
    for (const asked of listPending()) {
      if (lost.has(asked.id) && !asked.isIdempotent) settle(asked, 'outcome-unknown')
    }
  }

  function abort(which: number): void {
    const asked = all.at(-1 - which)
    settle(asked, 'aborted')
    asked?.controller.abort({ code: 'aborted' })
  }

  async function perform(step: Step): Promise<void> {
    const socket = newest()
    switch (step.type) {
      case 'ask':
        return ask(step.isIdempotent, step.timeoutMs)
      case 'answer':
        return answer(all.filter(countSent).at(-1 - step.which))
      case 'abort':
        return abort(step.which)
      case 'accept':
        if (socket?.readyState === 0) await socket.open()
        return
      case 'cut':
        lose()
        if (socket && socket.readyState < 2) socket.cut()
        return
      case 'close':
        lose()
        return connection.close()
      case 'reconnect':
        lose()
        return connection.reconnect()
      case 'fill':
      case 'empty':
        if (socket) socket.bufferedAmount = step.type === 'fill' ? 1e9 : 0
        return
      case 'advance':
        await environment.advance(step.ms)
        return expire()
    }
  }

  function expire(): void {
    for (const asked of listPending()) {
      if (asked.deadline <= environment.now()) settle(asked, 'request-timeout')
    }
  }

  function checkSending(): void {
    for (const asked of all) {
      const links = environment.sockets.map(listSent).filter((ids) => ids.includes(asked.id))
      expect(countSent(asked)).toBe(links.length)
      if (!asked.isIdempotent) expect(links.length).toBeLessThanOrEqual(1)
      if (asked.expected !== undefined) expect(links.length).toBe(asked.timesSentInTheEnd)
    }
  }

  function checkOutcomes(): void {
    for (const { outcomes, expected } of all) {
      expect(outcomes).toEqual(expected === undefined ? [] : [expected])
    }
    expect(doubled).toEqual(expect.arrayContaining(told))
    expect(environment.reportedErrors).toEqual([])
    const waiting = listPending().filter(({ id }) => !listSent(newest()).includes(id))
    if (connection.getSnapshot().status !== 'open') return
    expect(connection.getSnapshot().queued).toBe(waiting.length)
  }

  function checkNothingIsLeft(): void {
    expect(listPending()).toEqual([])
    expect(connection.getSnapshot().queued).toBe(0)
    expect(environment.countTimers()).toBe(0)
    for (const { controller } of all) {
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    }
  }

  return {
    async take(step: Step, isSettled: boolean): Promise<void> {
      await perform(step)
      if (isSettled) await environment.advance(0)
      checkSending()
      if (isSettled) checkOutcomes()
    },
    /** The network gets well, and the server answers all that it is asked. */
    async finish(): Promise<void> {
      await this.take({ type: 'reconnect' }, true)
      await this.take({ type: 'accept' }, true)
      await this.take({ type: 'empty' }, true)
      await this.take({ type: 'advance', ms: 20 }, true)
      listPending().forEach(answer)
      await environment.advance(0)
      checkOutcomes()
      release()
      await environment.advance(20)
      checkNothingIsLeft()
    },
  }
}

it('each request ends once and rightly, and none is done twice, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const world = createWorld()
      for (const { step, isSettled } of steps) await world.take(step, isSettled)
      await world.finish()
    }),
    { numRuns: 400 },
  )
}, 60_000)
