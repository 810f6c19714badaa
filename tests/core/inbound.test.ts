import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../../src/core/codec'
import { resolveOptions, type ConnectionOptions } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'
import { createInbound } from '../../src/core/inbound'
import type { StandardSchema } from '../../src/core/schema'
import { createFakeEnvironment } from '../fake-environment'
import { recordConnection } from './recorded-connection'

interface Setting extends Pick<ConnectionOptions, 'codec' | 'incoming' | 'maxMessageBytes'> {
  intercept?: (message: unknown, waitedMs: number | null) => boolean
}

function setUp({ intercept = () => false, ...given }: Setting = {}) {
  const environment = createFakeEnvironment()
  const options = resolveOptions(given)
  const told: unknown[] = []
  const inbound = createInbound({
    environment,
    readOptions: () => options,
    readShownUrl: () => 'wss://a.example/live',
    intercept,
    keep: () => false,
    onMessage: (message) => told.push(message),
    onInvalid: (frame, error) => told.push([frame, error.code]),
  })
  return {
    ...inbound,
    environment,
    told,
    receiveFrame: (frame: unknown) => inbound.receive(frame, null),
  }
}

function createCodec(decode: Codec['decode']): Codec {
  return { encode: JSON.stringify, decode }
}

/** Decodes a frame when the test says so, and not if it says `bad`. */
function createSlowCodec() {
  const pending = new Map<unknown, () => void>()
  return {
    pending,
    codec: createCodec(
      async (frame) =>
        new Promise((resolve, reject) => {
          pending.set(frame, () => {
            pending.delete(frame)
            if (String(frame).startsWith('bad')) reject(new Error('bad'))
            else resolve(frame)
          })
        }),
    ),
  }
}

describe('a frame', () => {
  it('is decoded and told at once', () => {
    const { receiveFrame, told } = setUp()
    receiveFrame('{"n":1}')
    const bytes = new ArrayBuffer(2)
    receiveFrame(bytes)
    expect(told).toEqual([{ n: 1 }, bytes])
  })

  it('that does not decode is told as it came, and the next one counts (R9)', () => {
    const { receiveFrame, told } = setUp()
    receiveFrame('{')
    receiveFrame('1')
    expect(told).toEqual([['{', 'malformed-message'], 1])
  })

  it('that does not decode is malformed, also if the schema would take it', () => {
    const acceptAll: StandardSchema<unknown, unknown> = {
      '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
    }
    const { receiveFrame, told } = setUp({ incoming: acceptAll })
    receiveFrame('{')
    expect(told).toEqual([['{', 'malformed-message']])
  })

  it('that a codec refuses with an error of this package keeps that error', async () => {
    const error = new WirehookError('message-too-large', 'unpacked')
    for (const codec of [
      createCodec(() => {
        throw error
      }),
      createCodec(async () => Promise.reject(error)),
    ]) {
      const { receiveFrame, told, environment } = setUp({ codec })
      receiveFrame('x')
      await environment.advance(0)
      expect(told).toEqual([['x', 'message-too-large']])
    }
  })

  it('that is too large is not decoded, and the codec knows the limit', () => {
    const asked: unknown[] = []
    const codec = createCodec((...given) => asked.push(given))
    const { receiveFrame, told } = setUp({ codec, maxMessageBytes: 3 })
    receiveFrame('1234')
    receiveFrame('€')
    receiveFrame('€1')
    receiveFrame(new ArrayBuffer(4))
    expect(asked).toEqual([['€', 3]])
    expect(told).toEqual([
      ['1234', 'message-too-large'],
      1,
      ['€1', 'message-too-large'],
      [new ArrayBuffer(4), 'message-too-large'],
    ])
  })

  it('is decoded once and checked once, in this order (R7)', () => {
    const steps: string[] = []
    const note = <Value>(step: string, value: Value): Value => {
      steps.push(step)
      return value
    }
    const incoming: StandardSchema<unknown, unknown> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => note('check', { value: { checked: value } }),
      },
    }
    const { receiveFrame, told } = setUp({
      codec: createCodec((frame) => note('decode', frame)),
      incoming,
      intercept: () => note('intercept', false),
    })
    receiveFrame('x')
    expect(steps).toEqual(['decode', 'intercept', 'check'])
    expect(told).toEqual([{ checked: 'x' }])
  })
})

describe('a message that is for somebody else', () => {
  const refuseAll: StandardSchema<unknown, unknown> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => ({ issues: [{ message: 'no' }] }),
    },
  }

  it('is neither told nor checked', () => {
    const { receiveFrame, told } = setUp({
      incoming: refuseAll,
      intercept: (message) => message === 'pong',
    })
    receiveFrame('"pong"')
    receiveFrame('"ping"')
    expect(told).toEqual([['"ping"', 'invalid-message']])
  })

  it('need not be anything that the codec understands', () => {
    const { receiveFrame, told } = setUp({ intercept: (message) => message === 'pong' })
    receiveFrame('pong')
    receiveFrame('ping')
    expect(told).toEqual([['ping', 'malformed-message']])
  })

  it('is asked about with how long a ping had waited for the frame', () => {
    const asked: unknown[] = []
    const { receive } = setUp({ intercept: (...given) => Boolean(asked.push(given)) })
    receive('1', 70)
    receive('2', null)
    expect(asked).toEqual([
      [1, 70],
      [2, null],
    ])
  })

  it('is told after all if asking throws, which is reported (R8)', () => {
    const error = new Error('isPong')
    const { receiveFrame, told, environment } = setUp({
      intercept() {
        throw error
      },
    })
    receiveFrame('1')
    expect(told).toEqual([1])
    expect(environment.reportedErrors).toEqual([error])
  })
})

describe('what comes afterwards', () => {
  it('is done at once if nothing is being read', () => {
    const { receiveFrame, afterwards, told } = setUp()
    receiveFrame('1')
    afterwards(() => told.push('afterwards'))
    expect(told).toEqual([1, 'afterwards'])
  })

  it('waits for what is being read', async () => {
    const { codec, pending } = createSlowCodec()
    const { receiveFrame, afterwards, told, environment } = setUp({ codec })
    receiveFrame('a')
    afterwards(() => told.push('afterwards'))
    await environment.advance(1000)
    expect(told).toEqual([])
    pending.get('a')?.()
    await environment.advance(0)
    expect(told).toEqual(['a', 'afterwards'])
  })
})

type Step =
  | {
      readonly type: 'frame'
      readonly speed: 'sync' | 'slow decode' | 'slow check'
      readonly isBad: boolean
    }
  | { readonly type: 'settle'; readonly which: number }
  | { readonly type: 'tick' }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('frame' as const),
      speed: fc.constantFrom('sync' as const, 'slow decode' as const, 'slow check' as const),
      isBad: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('settle' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('tick' as const) }) },
)

const anySteps = fc.array(anyStep, { maxLength: 40 })

/** Frames whose text says how long each step takes: at once, or until the test settles it. */
function createTimedReading() {
  const pending: (() => void)[] = []

  async function wait<Value>(value: Value): Promise<Value> {
    return new Promise((resolve) => pending.push(() => resolve(value)))
  }

  function decode(frame: unknown): unknown {
    return String(frame).includes('slow decode') ? wait(frame) : frame
  }

  const incoming: StandardSchema<unknown, unknown> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate(value) {
        const text = String(value)
        const result = text.includes('bad') ? { issues: [{ message: 'bad' }] } : { value }
        return text.includes('slow check') ? wait(result) : result
      },
    },
  }

  return {
    options: { codec: createCodec(decode), incoming },
    settle(which: number): void {
      pending.splice(which % Math.max(1, pending.length), 1).forEach((go) => go())
    },
    /** Until nothing is awaited any more, for what was decoded may still have to be checked. */
    async settleAll(advance: (ms: number) => Promise<void>): Promise<void> {
      await advance(0)
      while (pending.length) {
        pending.splice(0).forEach((go) => go())
        await advance(0)
      }
    },
  }
}

function nameFrames(steps: readonly Step[]): string[] {
  return steps.flatMap((step, index) =>
    step.type === 'frame' ? [`${index} ${step.speed} ${step.isBad ? 'bad' : 'good'}`] : [],
  )
}

it('messages are told once, in the order of their frames, however long each takes to read', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const { options, settle, settleAll } = createTimedReading()
      const { receiveFrame, told, environment } = setUp(options)
      const frames = nameFrames(steps)
      const expected = frames.map((frame) =>
        frame.includes('bad') ? [frame, 'invalid-message'] : frame,
      )
      let next = 0
      for (const step of steps) {
        if (step.type === 'frame') {
          receiveFrame(frames[next])
          next += 1
        } else if (step.type === 'settle') settle(step.which)
        else await environment.advance(0)
        expect(told).toEqual(expected.slice(0, told.length))
      }
      await settleAll(environment.advance)
      expect(told).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

it('messages that came before a close are told before it, however long each takes to read', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, fc.constantFrom('close', 'cut'), async (steps, end) => {
      const { options, settle, settleAll } = createTimedReading()
      const { open, connection, environment, log, messages } = recordConnection({
        ...options,
        onInvalid() {},
      })
      const socket = await open()
      const frames = nameFrames(steps)
      frames.forEach((frame) => socket.receiveFrame(frame))
      if (end === 'close') socket.closeWith(4403)
      else socket.cut()
      for (const step of steps) {
        if (step.type === 'settle') settle(step.which)
        if (step.type === 'tick') await environment.advance(0)
      }
      await settleAll(environment.advance)
      const events = frames.map((frame) => (frame.includes('bad') ? 'error' : 'message'))
      expect(log.slice(0, frames.length + 2)).toEqual(['open', ...events, 'close'])
      expect(messages).toEqual(frames.filter((frame) => frame.includes('good')))
      expect(connection.getSnapshot().status).toBe(end === 'close' ? 'failed' : 'reconnecting')
      expect(environment.reportedErrors).toEqual([])
    }),
    { numRuns: 150 },
  )
})

describe('a socket that closes while its messages are still being read', () => {
  it('is given up when that takes longer than connectTimeoutMs', async () => {
    const { codec, pending } = createSlowCodec()
    const { open, environment, log, closes } = recordConnection({ codec, connectTimeoutMs: 3000 })
    const socket = await open()
    socket.receiveFrame('a')
    socket.closeWith(1001, 'restart')
    await environment.advance(2999)
    expect(log).toEqual(['open'])
    await environment.advance(1)
    expect(log).toEqual(['open', 'close'])
    expect(closes).toMatchObject([{ code: 1001, reason: 'restart', by: 'server' }])
    pending.get('a')?.()
    await environment.advance(0)
    expect(log).toEqual(['open', 'close'])
  })

  it('is given up after 10 s where connecting may take for ever', async () => {
    const { codec } = createSlowCodec()
    const { open, environment, log } = recordConnection({ codec, connectTimeoutMs: 0 })
    const socket = await open()
    socket.receiveFrame('a')
    socket.cut()
    await environment.advance(9999)
    expect(log).toEqual(['open'])
    await environment.advance(1)
    expect(log).toEqual(['open', 'close'])
  })

  it('has its messages told in order before its handshake is over, too', async () => {
    const { codec, pending } = createSlowCodec()
    const { start, environment, messages } = recordConnection({
      codec,
      handshake: async ({ receive }) => void (await receive((message) => message === 'welcome')),
    })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    for (const frame of ['early', 'welcome', 'late']) socket.receiveFrame(frame)
    for (const frame of ['late', 'welcome', 'early']) {
      pending.get(frame)?.()
      await environment.advance(0)
    }
    expect(messages).toEqual(['early', 'late'])
  })
})

describe('what an old socket still has to say (R2)', () => {
  it.each(['a', 'bad'])('is not heard once it was let go of (%s)', async (frame) => {
    const { codec, pending } = createSlowCodec()
    const { open, connection, environment, log } = recordConnection({ codec, onInvalid() {} })
    const socket = await open()
    socket.receiveFrame(frame)
    connection.close()
    pending.get(frame)?.()
    await environment.advance(0)
    expect(log).toEqual(['open', 'close'])
    expect(connection.getSnapshot().invalidMessages).toBe(0)
  })

  it('is not heard either if it was still being checked', async () => {
    const { options, settleAll } = createTimedReading()
    const { open, connection, environment, log } = recordConnection({ ...options, onInvalid() {} })
    const socket = await open()
    socket.receiveFrame('slow check bad')
    socket.receiveFrame('slow check good')
    await environment.advance(0)
    connection.close()
    await settleAll(environment.advance)
    expect(log).toEqual(['open', 'close'])
    expect(connection.getSnapshot().invalidMessages).toBe(0)
  })

  it('does not measure the new one', async () => {
    const { codec, pending } = createSlowCodec()
    const { open, connection, environment } = recordConnection({
      codec,
      heartbeat: { intervalMs: 100 },
    })
    const socket = await open()
    await environment.advance(150)
    socket.receiveFrame('pong')
    connection.reconnect()
    await environment.advance(0)
    await environment.newestSocket().open()
    pending.get('pong')?.()
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', latencyMs: null })
  })
})
