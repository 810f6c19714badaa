import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RenderPlan, Schedule } from '../../src/core/connection'
import { createRenderScheduler } from '../../src/core/render-scheduler'
import { createFakeEnvironment, frameMs } from '../fake-environment'

function setUp(schedule: Schedule = 'auto') {
  const environment = createFakeEnvironment()
  const scheduler = createRenderScheduler(environment)
  const startedAt = environment.now()
  const renders: number[] = []

  /** A reader that notes when it renders, in milliseconds from the start. */
  function plan(times: number[], own: Schedule = schedule): RenderPlan {
    return scheduler.plan(
      () => times.push(environment.now() - startedAt),
      () => own,
    )
  }

  const reader = plan(renders)
  return {
    environment,
    scheduler,
    plan,
    reader,
    renders,
    /** A message comes in, and the reader wants to show it. */
    receive(own?: Schedule): void {
      scheduler.noteMessage()
      reader.request(own)
    },
  }
}

describe('auto', () => {
  it('renders at once while it is quiet', async () => {
    const { environment, receive, renders } = setUp()
    receive()
    await environment.advance(frameMs)
    receive()
    await environment.advance(100)
    receive()
    expect(renders).toEqual([0, frameMs, frameMs + 100])
    await environment.advance(frameMs)
    expect(environment.countTimers()).toBe(0)
  })

  it('asks for the next frame only after what the reader begins with its render', async () => {
    const order: string[] = []
    const environment = createFakeEnvironment()
    const { setFrame } = environment
    environment.setFrame = (callback) => {
      order.push('frame asked for')
      return setFrame(callback)
    }
    const scheduler = createRenderScheduler(environment)
    const reader = scheduler.plan(
      // As React does for a change outside of its own events.
      () => void Promise.resolve().then(() => order.push('rendered')),
      () => 'auto',
    )
    scheduler.noteMessage()
    reader.request()
    await environment.advance(0)
    expect(order).toEqual(['rendered', 'frame asked for'])
  })

  it('renders once in the next frame for all that comes before it', async () => {
    const { environment, receive, renders } = setUp()
    for (let n = 0; n < 1000; n += 1) receive()
    expect(renders).toEqual([0])
    await environment.advance(1000)
    expect(renders).toEqual([0, frameMs])
    expect(environment.countTimers()).toBe(0)
  })

  it('renders once a frame for as long as it is busy', async () => {
    const { environment, receive, renders } = setUp()
    for (let ms = 0; ms < 100; ms += 1) {
      receive()
      await environment.advance(1)
    }
    await environment.advance(100)
    expect(renders).toEqual([0, 16, 32, 48, 64, 80, 96, 112])
  })

  it('waits for the frame also after another reader has rendered', async () => {
    const { environment, plan, receive, renders, scheduler } = setUp()
    const others: number[] = []
    const other = plan(others)
    scheduler.noteMessage()
    other.request()
    await environment.advance(3)
    receive()
    expect([others, renders]).toEqual([[0], []])
    await environment.advance(frameMs)
    expect([others, renders]).toEqual([[0], [frameMs]])
  })

  it('renders all readers of one message together', () => {
    const { plan, receive, renders } = setUp()
    const others: number[] = []
    const other = plan(others)
    receive()
    other.request()
    expect([renders, others]).toEqual([[0], [0]])
  })

  it('does not wait because of messages that nobody shows', () => {
    const { scheduler, receive, renders } = setUp()
    scheduler.noteMessage()
    receive()
    expect(renders).toEqual([0])
  })

  it('takes a message right after a frame for one of many', async () => {
    const { environment, receive, renders } = setUp()
    receive()
    receive()
    await environment.advance(frameMs + 3)
    receive()
    expect(renders).toEqual([0, frameMs])
    await environment.advance(frameMs)
    expect(renders).toHaveLength(3)
  })

  it('renders no more often than once a frame, however long rendering takes', async () => {
    const environment = createFakeEnvironment()
    const scheduler = createRenderScheduler(environment)
    let count = 0
    const slow = scheduler.plan(
      () => {
        count += 1
        environment.sleep(10)
      },
      () => 'auto',
    )
    for (let n = 0; n < 20; n += 1) {
      scheduler.noteMessage()
      slow.request()
    }
    expect(count).toBe(1)
    await environment.advance(frameMs)
    expect(count).toBe(2)
  })

  it('renders also after the clock was set back', async () => {
    const { environment, receive, renders } = setUp()
    receive()
    await environment.advance(frameMs)
    environment.sleep(-3_600_000)
    receive()
    receive()
    expect(renders).toHaveLength(2)
    await environment.advance(frameMs)
    expect(renders).toHaveLength(3)
  })
})

describe('sync', () => {
  it('renders every time', () => {
    const { environment, receive, renders } = setUp('sync')
    for (let n = 0; n < 100; n += 1) receive()
    expect(renders).toHaveLength(100)
    expect(environment.countTimers()).toBe(0)
  })
})

describe('frame', () => {
  it('renders in the next frame, also when it is quiet', async () => {
    const { environment, receive, renders } = setUp('frame')
    receive()
    receive()
    expect(renders).toEqual([])
    await environment.advance(1000)
    receive()
    await environment.advance(1000)
    expect(renders).toEqual([frameMs, 1000 + frameMs])
  })

  it('is the same frame for all readers', async () => {
    const { environment, plan } = setUp('frame')
    const times: number[] = []
    const plans = Array.from({ length: 50 }, () => plan(times))
    for (const each of plans) {
      each.request()
      await environment.advance(0.1)
    }
    expect(environment.countTimers()).toBe(1)
    await environment.advance(100)
    expect(times).toHaveLength(50)
    expect(new Set(times)).toEqual(new Set([frameMs]))
  })

  it('renders the others also if one throws, which is reported', async () => {
    const { environment, scheduler, receive, renders } = setUp('frame')
    const error = new Error('render')
    const broken = scheduler.plan(
      () => {
        throw error
      },
      () => 'frame',
    )
    broken.request()
    receive()
    await environment.advance(frameMs)
    expect(renders).toEqual([frameMs])
    expect(environment.reportedErrors).toEqual([error])
  })

  it('takes what is asked for in a frame into the next', async () => {
    const { environment, scheduler } = setUp()
    let count = 0
    const again = scheduler.plan(
      () => {
        count += 1
        if (count < 3) again.request()
      },
      () => 'frame',
    )
    again.request()
    await environment.advance(frameMs)
    expect(count).toBe(1)
    await environment.advance(frameMs)
    expect(count).toBe(2)
    await environment.advance(100)
    expect(count).toBe(3)
  })
})

describe('a number of milliseconds', () => {
  it('renders at once, then not before they have passed', async () => {
    const { environment, receive, renders } = setUp(100)
    for (let ms = 0; ms < 250; ms += 10) {
      receive()
      await environment.advance(10)
    }
    await environment.advance(1000)
    receive()
    expect(renders).toEqual([0, 100, 200, 300, 1250])
    expect(environment.countTimers()).toBe(0)
  })

  it('of 0 renders every time', () => {
    const { receive, renders } = setUp(0)
    receive()
    receive()
    expect(renders).toEqual([0, 0])
  })

  it('never waits longer than that, also if the clock was set back', async () => {
    const { environment, receive, renders } = setUp(100)
    receive()
    environment.sleep(-3_600_000)
    receive()
    await environment.advance(99)
    expect(renders).toHaveLength(1)
    await environment.advance(1)
    expect(renders).toHaveLength(2)
  })

  it('is not put off by what comes while it waits, also if the clock was set back', async () => {
    const { environment, receive, renders } = setUp(100)
    receive()
    environment.sleep(-3_600_000)
    for (let ms = 0; ms < 100; ms += 10) {
      receive()
      await environment.advance(10)
    }
    expect(renders).toHaveLength(2)
  })

  it('counts for each reader by itself', async () => {
    const { environment, plan } = setUp()
    const [slow, fast]: [number[], number[]] = [[], []]
    const plans = [plan(slow, 100), plan(fast, 30)]
    for (let ms = 0; ms < 100; ms += 10) {
      plans.forEach((each) => each.request())
      await environment.advance(10)
    }
    await environment.advance(1000)
    expect(slow).toEqual([0, 100])
    expect(fast).toEqual([0, 30, 60, 90, 120])
  })
})

describe('a schedule', () => {
  it('given with the request counts before that of the connection', async () => {
    const { environment, receive, renders } = setUp('frame')
    receive('sync')
    expect(renders).toEqual([0])
    receive(50)
    expect(environment.countTimers()).toBe(1)
    await environment.advance(50)
    expect(renders).toEqual([0, 50])
  })

  it('of the connection is read when it is needed', () => {
    const { scheduler } = setUp()
    let count = 0
    let schedule: Schedule = 'frame'
    const plan = scheduler.plan(
      () => (count += 1),
      () => schedule,
    )
    plan.request()
    schedule = 'sync'
    plan.request()
    expect(count).toBe(1)
  })

  it('that renders now leaves nothing to render later', async () => {
    const { environment, receive, renders } = setUp()
    receive('sync')
    receive(100)
    receive('frame')
    receive('sync')
    await environment.advance(1000)
    expect(renders).toEqual([0, 0])
  })
})

describe('cancel()', () => {
  it.each<Schedule>(['auto', 'frame', 1000])('forgets what was requested with %s', async (own) => {
    const { environment, receive, reader, renders } = setUp(own)
    receive()
    receive()
    const before = renders.length
    reader.cancel()
    expect(environment.countTimers()).toBe(0)
    await environment.advance(5000)
    expect(renders).toHaveLength(before)
  })

  it.each([
    ['before the frame is asked for', 0],
    ['after it', 1],
  ])('leaves no frame to wait for, %s', async (_, waitMs) => {
    const { environment, receive, reader } = setUp('frame')
    receive()
    if (waitMs) await environment.advance(waitMs)
    reader.cancel()
    await environment.advance(0)
    expect(environment.countTimers()).toBe(0)
  })

  it('leaves the others what they requested', async () => {
    const { environment, receive, reader, plan } = setUp('frame')
    const times: number[] = []
    const other = plan(times)
    receive()
    other.request()
    reader.cancel()
    await environment.advance(frameMs)
    expect(times).toEqual([frameMs])
  })

  it('is no end: what is requested later is rendered', async () => {
    const { environment, receive, reader, renders } = setUp('frame')
    receive()
    reader.cancel()
    reader.cancel()
    receive()
    await environment.advance(frameMs)
    expect(renders).toEqual([frameMs])
  })

  it('counts also while the others of the frame are rendered', async () => {
    const { environment, scheduler, plan } = setUp()
    const times: number[] = []
    const leaving = scheduler.plan(
      () => other.cancel(),
      () => 'frame',
    )
    const other = plan(times, 'frame')
    leaving.request()
    other.request()
    await environment.advance(100)
    expect(times).toEqual([])
  })
})

type Step =
  | { readonly type: 'message' | 'cancel'; readonly who: number }
  | { readonly type: 'wait'; readonly ms: number }

const readerCount = 4

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('message' as const), who: fc.nat(readerCount - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('cancel' as const), who: fc.nat(readerCount - 1) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 2, 3, 4, 5, 15, 16, 40, 200),
    }),
  },
)

const anySchedules = fc.array(fc.constantFrom<Schedule>('auto', 'auto', 'frame', 'sync', 30, 100), {
  minLength: readerCount,
  maxLength: readerCount,
})

/** The longest time something may wait to be rendered. */
function longestWait(schedule: Schedule): number {
  if (schedule === 'sync') return 0
  return schedule === 'auto' || schedule === 'frame' ? frameMs : schedule
}

function createReaders(schedules: readonly Schedule[]) {
  const { environment, scheduler, plan } = setUp()
  const startedAt = environment.now()
  const readers = schedules.map((schedule) => {
    const times: number[] = []
    return {
      schedule,
      times,
      plan: plan(times, schedule),
      owedSince: null as number | null,
      seen: 0,
    }
  })
  type Reader = (typeof readers)[number]
  const now = (): number => environment.now() - startedAt

  /** A render pays what was owed, and nobody who owes is late. */
  function settle(): void {
    for (const reader of readers) {
      if (reader.times.length > reader.seen) reader.owedSince = null
      reader.seen = reader.times.length
      if (reader.owedSince !== null) {
        expect(now() - reader.owedSince).toBeLessThanOrEqual(longestWait(reader.schedule))
      }
    }
  }

  return {
    environment,
    scheduler,
    readers,
    settle,
    request(reader: Reader): void {
      reader.seen = reader.times.length
      reader.plan.request()
      if (reader.times.length === reader.seen) reader.owedSince ??= now()
    },
    cancel(reader: Reader): void {
      reader.plan.cancel()
      reader.owedSince = null
    },
  }
}

it('whatever is requested is rendered in time, unless it is cancelled, and nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySchedules,
      fc.array(anyStep, { maxLength: 60 }),
      async (schedules, steps) => {
        const { environment, scheduler, readers, settle, request, cancel } =
          createReaders(schedules)
        for (const step of steps) {
          const reader = step.type === 'wait' ? undefined : readers[step.who]
          if (step.type === 'wait') await environment.advance(step.ms)
          else if (step.type === 'cancel' && reader) cancel(reader)
          else if (reader) {
            scheduler.noteMessage()
            request(reader)
          }
          settle()
        }
        for (const { times, schedule } of readers) {
          if (typeof schedule === 'number' || schedule === 'frame') {
            const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
            expect(Math.min(...gaps, Infinity)).toBeGreaterThanOrEqual(longestWait(schedule))
          }
        }
        const before = readers.map(({ times }) => times.length)
        const owing = readers.map(({ owedSince }) => Number(owedSince !== null))
        const half = readers.length / 2
        readers.slice(half).forEach(cancel)
        await environment.advance(100)
        expect(readers.map(({ times }) => times.length)).toEqual(
          before.map((count, index) => count + (index < half ? (owing[index] ?? 0) : 0)),
        )
        readers.forEach(cancel)
        expect(environment.countTimers()).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})

it('a burst of any length gives at most one render at once and then one a frame', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 100 }), async (gaps) => {
      const { environment, receive, renders } = setUp()
      for (const gap of gaps) {
        receive()
        await environment.advance(gap)
      }
      const lastAt = gaps.slice(0, -1).reduce((sum, gap) => sum + gap, 0)
      await environment.advance(frameMs)
      expect(renders.length).toBeLessThanOrEqual(2 + lastAt / frameMs)
      expect(renders.at(-1)).toBeGreaterThanOrEqual(lastAt)
    }),
    { numRuns: 100 },
  )
})

it.each([50, 0])(
  'an interval that is shortened to %i counts from the next message on',
  async (ms) => {
    const { environment, receive, renders } = setUp()
    receive(10_000)
    receive(10_000)
    await environment.advance(20)
    receive(ms)
    await environment.advance(100)
    expect(renders).toEqual([0, ms || 20])
  },
)

it('an interval without end is left by the next message', async () => {
  const { environment, receive, renders } = setUp()
  receive(Infinity)
  receive(Infinity)
  await environment.advance(1000)
  expect(renders).toEqual([0])
  receive('sync')
  expect(renders).toEqual([0, 1000])
})
