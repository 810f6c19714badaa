import { describe, expect, it } from 'vitest'
import { resolveOptions, type HeartbeatOptions } from '../../src/core/connection-options'
import { listen, nextBeat, startHeartbeat, type Beat } from '../../src/core/heartbeat'
import { createFakeEnvironment } from '../fake-environment'

const start = 1_000_000

function policy(options: HeartbeatOptions = {}) {
  const { heartbeat } = resolveOptions({ heartbeat: options })
  if (!heartbeat) throw new Error('there is a heartbeat')
  return heartbeat
}

const standard = policy()

function beat(phase: Beat['phase'], since: number, dueAt: number): Beat {
  return { phase, since, dueAt }
}

describe('the next beat', () => {
  it('begins by listening for the interval', () => {
    expect(listen(start, standard)).toEqual(beat('listening', start, start + 25_000))
  })

  it('asks after the interval, and leaves the time-out for an answer', () => {
    const next = nextBeat(listen(start, standard), 'due', start + 25_000, standard)
    expect(next).toEqual(beat('asked', start + 25_000, start + 35_000))
  })

  it('is dead if nothing was heard by then', () => {
    const asked = beat('asked', start, start + 10_000)
    expect(nextBeat(asked, 'due', start + 10_000, standard)).toBeNull()
  })

  it.each(['asked', 'asked-again'] as const)('%s, takes any frame as life (R1)', (phase) => {
    const asked = beat(phase, start, start + 10_000)
    const next = nextBeat(asked, 'heard', start + 9999, standard)
    expect(next).toEqual(beat('listening', start + 9999, start + 34_999))
  })

  it('asked, takes a frame as life also if there is more time for an answer than between questions', () => {
    const patient = policy({ intervalMs: 1000, timeoutMs: 10_000 })
    const asked = beat('asked', start, start + 10_000)
    expect(nextBeat(asked, 'heard', start, patient)).toEqual(listen(start, patient))
  })

  it('stays the same for most messages, so that each of them costs no timer', () => {
    const listening = listen(start, standard)
    expect(nextBeat(listening, 'heard', start, standard)).toBe(listening)
    expect(nextBeat(listening, 'heard', start + 2499, standard)).toBe(listening)
    expect(nextBeat(listening, 'heard', start + 2500, standard)).toEqual(
      listen(start + 2500, standard),
    )
  })

  describe('when its timer is late (R5)', () => {
    const asked = beat('asked', start, start + 10_000)

    it('asks again with a short deadline instead of a verdict', () => {
      const next = nextBeat(asked, 'due', start + 60_000, standard)
      expect(next).toEqual(beat('asked-again', start + 60_000, start + 62_500))
    })

    it('does so once only', () => {
      const again = beat('asked-again', start, start + 2500)
      expect(nextBeat(again, 'due', start + 60_000, standard)).toBeNull()
    })

    it('takes half a second for the ordinary trouble of timers', () => {
      expect(nextBeat(asked, 'due', start + 10_500, standard)).toBeNull()
      expect(nextBeat(asked, 'due', start + 10_501, standard)).toMatchObject({
        phase: 'asked-again',
      })
    })

    it('only asks, as it would have done, if it had not asked before', () => {
      const next = nextBeat(listen(start, standard), 'due', start + 90_000, standard)
      expect(next).toEqual(beat('asked', start + 90_000, start + 100_000))
    })
  })

  describe('in doubt (R5)', () => {
    it('asks at once, with a short deadline', () => {
      const next = nextBeat(listen(start, standard), 'doubted', start + 10, standard)
      expect(next).toEqual(beat('asked', start + 10, start + 2510))
    })

    it('asks also if it would have asked soon anyway', () => {
      const next = nextBeat(listen(start, standard), 'doubted', start + 24_999, standard)
      expect(next).toEqual(beat('asked', start + 24_999, start + 27_499))
    })

    it('asks once for several doubts', () => {
      const asked = beat('asked', start, start + 2500)
      expect(nextBeat(asked, 'doubted', start, standard)).toBe(asked)
      expect(nextBeat(asked, 'doubted', start + 2400, standard)).toBe(asked)
    })

    it('does not give a link that is doubted over and over more time', () => {
      let current: Beat | null = listen(start, standard)
      for (const at of [0, 500, 1000, 1500, 2000, 2499]) {
        current = current && nextBeat(current, 'doubted', start + at, standard)
      }
      expect(current).toEqual(beat('asked', start, start + 2500))
    })

    it('shortens the wait for an answer that was asked for at leisure', () => {
      const asked = beat('asked', start, start + 10_000)
      const next = nextBeat(asked, 'doubted', start + 100, standard)
      expect(next).toEqual(beat('asked', start + 100, start + 2600))
    })

    it('leaves a wait alone that ends soon anyway', () => {
      const asked = beat('asked', start, start + 10_000)
      expect(nextBeat(asked, 'doubted', start + 9000, standard)).toBe(asked)
    })

    it('waits no longer than the time-out', () => {
      const quick = policy({ timeoutMs: 1000 })
      const next = nextBeat(listen(start, quick), 'doubted', start, quick)
      expect(next).toMatchObject({ dueAt: start + 1000 })
    })

    it('has no question to ask if pings are off', () => {
      const silent = policy({ ping: false })
      const listening = listen(start, silent)
      expect(nextBeat(listening, 'doubted', start, silent)).toBe(listening)
    })
  })
})

describe('a running heartbeat', () => {
  function run(options: HeartbeatOptions = {}) {
    const environment = createFakeEnvironment()
    let timersSet = 0
    const began = environment.now()
    const asked: number[] = []
    const gaveUp: number[] = []
    const heartbeat = startHeartbeat(
      policy(options),
      {
        ...environment,
        setTimer(callback, delayMs) {
          timersSet += 1
          return environment.setTimer(callback, delayMs)
        },
      },
      () => asked.push(environment.now() - began),
      () => gaveUp.push(environment.now() - began),
    )
    return { environment, heartbeat, asked, gaveUp, countTimersSet: () => timersSet }
  }

  it('asks after the interval of silence and gives up after the time-out, once', async () => {
    const { environment, asked, gaveUp } = run()
    await environment.advance(24_999)
    expect(asked).toEqual([])
    await environment.advance(10_000)
    expect([asked, gaveUp]).toEqual([[25_000], []])
    await environment.advance(100_000)
    expect([asked, gaveUp]).toEqual([[25_000], [35_000]])
    expect(environment.countTimers()).toBe(0)
  })

  it('never gives up while anything is heard in time', async () => {
    const { environment, heartbeat, gaveUp } = run()
    for (let round = 0; round < 20; round += 1) {
      // Just before the time-out, one after another.
      await environment.advance(31_000)
      heartbeat.hear()
    }
    expect(gaveUp).toEqual([])
  })

  it('tells how long the answer took, and only for an answer', async () => {
    const { environment, heartbeat } = run()
    expect(heartbeat.hear()).toBeNull()
    await environment.advance(25_080)
    expect(heartbeat.hear()).toBe(80)
    expect(heartbeat.hear()).toBeNull()
    heartbeat.doubt()
    await environment.advance(30)
    expect(heartbeat.hear()).toBe(30)
  })

  it('asks nothing while there is enough to hear', async () => {
    const { environment, heartbeat, asked } = run()
    for (let round = 0; round < 20; round += 1) {
      await environment.advance(10_000)
      heartbeat.hear()
    }
    expect(asked).toEqual([])
  })

  it('does not set a timer for every message', async () => {
    const { environment, heartbeat, countTimersSet } = run()
    for (let message = 0; message < 1000; message += 1) {
      await environment.advance(10)
      heartbeat.hear()
    }
    // 10 seconds: once at the beginning, and then at most once per tenth of the interval.
    expect(countTimersSet()).toBeLessThanOrEqual(5)
    expect(environment.countTimers()).toBe(1)
  })

  it('asks again, once, after a sleep, and gives up when that is not answered either', async () => {
    const { environment, asked, gaveUp } = run()
    await environment.advance(25_000)
    environment.sleep(3_600_000)
    await environment.advance(0)
    expect(asked).toEqual([25_000, 3_625_000])
    expect(gaveUp).toEqual([])
    await environment.advance(2500)
    expect(gaveUp).toEqual([3_627_500])
  })

  it('lives on if the answer was only waiting behind a late timer', async () => {
    const { environment, heartbeat, gaveUp } = run()
    await environment.advance(25_000)
    environment.sleep(3_600_000)
    await environment.advance(0)
    heartbeat.hear()
    await environment.advance(24_000)
    expect(gaveUp).toEqual([])
  })

  it('asks once for several wake-ups', async () => {
    const { environment, heartbeat, asked, gaveUp } = run()
    heartbeat.doubt()
    heartbeat.doubt()
    await environment.advance(100)
    heartbeat.doubt()
    expect(asked).toEqual([0])
    await environment.advance(2400)
    expect(gaveUp).toEqual([2500])
  })

  it('with ping: false never asks but expects to hear', async () => {
    const { environment, heartbeat, asked, gaveUp } = run({ ping: false })
    heartbeat.doubt()
    await environment.advance(34_000)
    heartbeat.hear()
    await environment.advance(34_999)
    expect(gaveUp).toEqual([])
    await environment.advance(1)
    expect(gaveUp).toEqual([69_000])
    expect(asked).toEqual([])
  })

  it('with an endless interval asks in doubt only', async () => {
    const { environment, heartbeat, asked, gaveUp } = run({ intervalMs: Infinity })
    await environment.advance(10_000_000)
    expect(asked).toEqual([])
    expect(environment.countTimers()).toBe(0)
    heartbeat.doubt()
    await environment.advance(2500)
    expect(asked).toHaveLength(1)
    expect(gaveUp).toHaveLength(1)
  })

  it('that is stopped does nothing more (R13)', async () => {
    const { environment, heartbeat, asked, gaveUp } = run()
    await environment.advance(25_000)
    heartbeat.stop()
    expect(environment.countTimers()).toBe(0)
    await environment.advance(100_000)
    expect([asked, gaveUp]).toEqual([[25_000], []])
  })
})
