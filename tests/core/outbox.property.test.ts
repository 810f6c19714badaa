import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FrameData, SendOptions } from '../../src/core/connection'
import { resolveOptions, type ConnectionOptions } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'
import { createOutbox } from '../../src/core/outbox'
import { createFakeEnvironment } from '../fake-environment'

type Step =
  | { readonly type: 'send'; readonly isSlow: boolean; readonly options: SendOptions }
  | { readonly type: 'encode' | 'fail' | 'withdraw'; readonly which: number }
  | {
      readonly type: 'replace socket' | 'lose socket' | 'start closing' | 'fill' | 'empty' | 'rest'
    }
  | { readonly type: 'advance'; readonly ms: number }

const anySend: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('send' as const),
  isSlow: fc.boolean(),
  options: fc.record(
    {
      ttlMs: fc.constantFrom(0, 20, 500, Infinity),
      replaceKey: fc.constantFrom('a', 'b'),
      whenClosed: fc.constantFrom('queue' as const, 'drop' as const),
    },
    { requiredKeys: [] },
  ),
})

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: anySend },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'encode' as const,
        'encode' as const,
        'fail' as const,
        'withdraw' as const,
      ),
      which: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'replace socket' as const,
        'replace socket' as const,
        'lose socket' as const,
        'start closing' as const,
        'fill' as const,
        'empty' as const,
        'rest' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('advance' as const),
      ms: fc.constantFrom(0, 1, 10, 30, 1000),
    }),
  },
)

type Setting = Pick<ConnectionOptions, 'queue' | 'pacing'>

const anySetting: fc.Arbitrary<Setting> = fc.record({
  queue: fc.oneof(
    fc.constant(false as const),
    fc.record({
      maxMessages: fc.integer({ min: 1, max: 6 }),
      overflow: fc.constantFrom('reject' as const, 'drop-oldest' as const, 'drop-newest' as const),
    }),
  ),
  pacing: fc.record({
    highWaterBytes: fc.constant(20),
    messagesPerSecond: fc.constantFrom(Infinity, Infinity, 100),
    burst: fc.constantFrom(1, 3),
  }),
})

type Fate = 'waiting' | 'sent' | 'dropped' | 'withdrawn' | 'replaced' | 'refused'

/** A message, and what is known of it from outside. */
interface Message {
  readonly id: string
  readonly replaceKey: string | undefined
  readonly receipt: { onSent(): void; onDropped(): void }
  fate: Fate
  isEncoded: boolean
  encode: (() => void) | null
  fail: (() => void) | null
}

function createWorld(setting: Setting) {
  const environment = createFakeEnvironment()
  const options = resolveOptions(setting)
  const messages: Message[] = []
  let size = 0
  let drops = 0
  let errors = 0
  const outbox = createOutbox({
    environment,
    readOptions: () => options,
    onSize: (newest) => (size = newest),
    onDrop: () => (drops += 1),
    onError: () => (errors += 1),
  })

  const withFate = (fate: Fate): Message[] => messages.filter((message) => message.fate === fate)
  const readArrived = (): unknown[] => environment.sockets.flatMap(({ sent }) => sent)

  function expectFate(message: Message, fate: Fate): void {
    expect(message.fate).toBe('waiting')
    message.fate = fate
  }

  function createMessage(replaceKey: string | undefined): Message {
    const message: Message = {
      id: `message ${messages.length}`,
      replaceKey,
      receipt: {
        onSent: () => expectFate(message, 'sent'),
        onDropped: () => expectFate(message, 'dropped'),
      },
      fate: 'waiting',
      isEncoded: true,
      encode: null,
      fail: null,
    }
    return message
  }

  async function encodeSlowly(message: Message): Promise<FrameData> {
    message.isEncoded = false
    return new Promise((resolve, reject) => {
      const settle = (work: () => void) => (): void => {
        message.encode = message.fail = null
        message.isEncoded = true
        work()
      }
      message.encode = settle(() => resolve(message.id))
      message.fail = settle(() => reject(new WirehookError('encode-failed', 'test')))
    })
  }

  function send(isSlow: boolean, sendOptions: SendOptions): void {
    const { replaceKey } = sendOptions
    const message = createMessage(replaceKey)
    const replaceable = withFate('waiting').filter(
      (other) => replaceKey !== undefined && other.replaceKey === replaceKey,
    )
    messages.push(message)
    try {
      const frame = isSlow ? encodeSlowly(message) : message.id
      const result = outbox.send(frame, sendOptions, message.receipt)
      if (result === 'sent') message.fate = 'sent'
      if (result === 'dropped') message.fate = 'refused'
      if (result !== 'queued') return
      for (const other of replaceable) if (other.fate === 'waiting') other.fate = 'replaced'
    } catch (error) {
      expect(error).toMatchObject({ code: 'queue-full' })
      expect(options.queue.overflow === 'reject' || setting.queue === false).toBe(true)
      message.fate = 'refused'
    }
  }

  function withdraw(message: Message | undefined): void {
    if (!message) return
    outbox.withdraw(message.receipt)
    if (message.fate === 'waiting') message.fate = 'withdrawn'
  }

  async function replaceSocket(): Promise<void> {
    environment.sockets.at(-1)?.close()
    environment.createSocket('wss://a.example/', [])
    await environment.newestSocket().open()
    outbox.use(environment.newestSocket())
  }

  async function perform(step: Step): Promise<void> {
    const socket = environment.sockets.at(-1)
    const unencoded = messages.filter(({ encode }) => encode)
    switch (step.type) {
      case 'send':
        return send(step.isSlow, step.options)
      case 'encode':
        return unencoded[step.which]?.encode?.()
      case 'fail':
        return unencoded[step.which]?.fail?.()
      case 'withdraw':
        return withdraw(messages.at(-1 - step.which))
      case 'replace socket':
        return replaceSocket()
      case 'lose socket':
        return outbox.use(null)
      case 'start closing':
        return socket?.close()
      case 'fill':
        if (socket) socket.bufferedAmount = 100
        return
      case 'empty':
        if (socket) socket.bufferedAmount = 0
        return
      case 'rest':
        return outbox.rest()
      case 'advance':
        return environment.advance(step.ms)
    }
  }

  return {
    environment,
    perform,
    replaceSocket,
    withFate,
    encodeAll: () => messages.forEach(({ encode }) => encode?.()),
    check(): void {
      const sent = withFate('sent').map(({ id }) => id)
      expect(readArrived()).toEqual(sent)
      expect(drops).toBe(withFate('dropped').length)
      expect(environment.reportedErrors).toEqual([])
    },
    checkSettled(): void {
      expect(size).toBe(withFate('waiting').length)
      expect(errors).toBeLessThanOrEqual(messages.length)
    },
    /** With room, and no pace, what is first is still being encoded or has gone. */
    checkProgress(): void {
      const socket = environment.sockets.at(-1)
      const isPaced = options.pacing.messagesPerSecond < Infinity
      if (isPaced || socket?.readyState !== 1 || socket.bufferedAmount) return
      const [first] = withFate('waiting')
      expect(first?.isEncoded ?? false).toBe(false)
    },
  }
}

const anySteps = fc.array(anyStep, { minLength: 3, maxLength: 50 })

it('whatever is accepted goes out once and in order, or is told to be lost', async () => {
  await fc.assert(
    fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
      const world = createWorld(setting)
      for (const step of steps) {
        await world.perform(step)
        world.check()
        await world.environment.advance(0)
        world.check()
      }
      world.encodeAll()
      await world.replaceSocket()
      await world.environment.advance(1000)
      world.check()
      world.checkSettled()
      expect(world.withFate('waiting')).toEqual([])
    }),
    { numRuns: 400 },
  )
})

it('nothing waits for what has left the queue', async () => {
  await fc.assert(
    fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
      const world = createWorld(setting)
      await world.replaceSocket()
      for (const step of steps) {
        if (step.type === 'lose socket' || step.type === 'rest') continue
        await world.perform(step)
        await world.environment.advance(20)
        world.check()
        world.checkSettled()
        world.checkProgress()
      }
    }),
    { numRuns: 400 },
  )
})
