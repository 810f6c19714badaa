import { describe, expect, it } from 'vitest'
import { jsonCodec } from '../../src/core/codec'
import { resolveOptions, type ConnectionOptions } from '../../src/core/connection-options'

describe('what is not given', () => {
  const resolved = resolveOptions({})

  it('is what the docs say', () => {
    expect(resolved).toMatchObject({
      protocols: [],
      params: {},
      connectTimeoutMs: 10_000,
      maxMessageBytes: 16 * 1024 * 1024,
      lingerMs: 1000,
      binaryType: 'arraybuffer',
      heartbeat: false,
      reconnect: {
        minDelayMs: 500,
        maxDelayMs: 30_000,
        factor: 2,
        maxAttempts: Infinity,
        stableAfterMs: 5000,
      },
      queue: { maxMessages: 1000, maxBytes: 1024 * 1024, overflow: 'reject', ttlMs: Infinity },
      pacing: { highWaterBytes: 256 * 1024 },
      invalidOption: undefined,
    })
    expect(resolved.codec).toBe(jsonCodec)
  })

  it('is the same as what is given as undefined', () => {
    const undefinedOptions = {
      protocols: undefined,
      params: undefined,
      handshake: undefined,
      connectTimeoutMs: undefined,
      maxMessageBytes: undefined,
      lingerMs: undefined,
      binaryType: undefined,
      codec: undefined,
      reconnect: undefined,
      heartbeat: undefined,
      queue: undefined,
      pacing: undefined,
    }
    expect(resolveOptions(undefinedOptions as ConnectionOptions)).toEqual(resolved)
  })

  it('is filled in also beside what is given, one by one', () => {
    const { reconnect, queue, pacing } = resolveOptions({
      reconnect: { minDelayMs: 1, factor: undefined },
      queue: { maxBytes: 7, overflow: undefined },
      pacing: { highWaterBytes: undefined },
    })
    expect(reconnect).toMatchObject({ minDelayMs: 1, maxDelayMs: 30_000, factor: 2 })
    expect(queue).toMatchObject({ maxBytes: 7, maxMessages: 1000, overflow: 'reject' })
    expect(pacing).toEqual({
      highWaterBytes: 262_144,
      messagesPerSecond: Infinity,
      burst: 1,
    })
  })

  it('is filled in for a heartbeat once one is asked for', () => {
    const { heartbeat } = resolveOptions({ heartbeat: {} })
    expect(heartbeat).toMatchObject({
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: { type: 'ping' },
    })
    expect(resolveOptions({ heartbeat: false }).heartbeat).toBe(false)
  })

  it('leaves the defaults as they are for the next one', () => {
    resolveOptions({ lingerMs: 5, reconnect: { factor: 9 }, queue: { maxMessages: 1 } })
    expect(resolveOptions({})).toEqual(resolved)
  })
})

describe('false', () => {
  it('as reconnect never retries', () => {
    expect(resolveOptions({ reconnect: false }).reconnect.maxAttempts).toBe(0)
  })

  it('as queue keeps nothing and drops', () => {
    expect(resolveOptions({ queue: false }).queue).toMatchObject({
      maxMessages: 0,
      overflow: 'drop-newest',
    })
  })

  it('as ping is a heartbeat that only listens', () => {
    expect(resolveOptions({ heartbeat: { ping: false } }).heartbeat).toMatchObject({ ping: false })
  })
})

describe('a pong, unless told otherwise,', () => {
  const { heartbeat } = resolveOptions({ heartbeat: {} })

  it.each(['pong', { type: 'pong' }, { type: 'pong', at: 1 }])('is %o', (message) => {
    expect(heartbeat && heartbeat.isPong(message)).toBe(true)
  })

  it.each(['ping', null, undefined, 0, [], {}, { type: 'ping' }, { pong: true }])(
    'is not %o',
    (message) => {
      expect(heartbeat && heartbeat.isPong(message)).toBe(false)
    },
  )
})

/** Options whose `0` is the same as `Infinity`. */
const neverIfZero = ['connectTimeoutMs', 'intervalMs', 'timeoutMs', 'messagesPerSecond']

const numericOptions: [string, (value: number) => ConnectionOptions][] = [
  ['connectTimeoutMs', (connectTimeoutMs) => ({ connectTimeoutMs })],
  ['maxMessageBytes', (maxMessageBytes) => ({ maxMessageBytes })],
  ['lingerMs', (lingerMs) => ({ lingerMs })],
  ['minDelayMs', (minDelayMs) => ({ reconnect: { minDelayMs } })],
  ['maxDelayMs', (maxDelayMs) => ({ reconnect: { maxDelayMs } })],
  ['factor', (factor) => ({ reconnect: { factor } })],
  ['maxAttempts', (maxAttempts) => ({ reconnect: { maxAttempts } })],
  ['stableAfterMs', (stableAfterMs) => ({ reconnect: { stableAfterMs } })],
  ['intervalMs', (intervalMs) => ({ heartbeat: { intervalMs } })],
  ['timeoutMs', (timeoutMs) => ({ heartbeat: { timeoutMs } })],
  ['maxMessages', (maxMessages) => ({ queue: { maxMessages } })],
  ['maxBytes', (maxBytes) => ({ queue: { maxBytes } })],
  ['ttlMs', (ttlMs) => ({ queue: { ttlMs } })],
  ['highWaterBytes', (highWaterBytes) => ({ pacing: { highWaterBytes } })],
  ['messagesPerSecond', (messagesPerSecond) => ({ pacing: { messagesPerSecond } })],
  ['burst', (burst) => ({ pacing: { burst } })],
]

it('the list below knows every option that has a number as its default', () => {
  const { reconnect, queue, pacing, heartbeat, ...others } = resolveOptions({ heartbeat: {} })
  const all = { ...others, ...reconnect, ...queue, ...pacing, ...heartbeat }
  const numeric = Object.entries(all).filter(([, value]) => typeof value === 'number')
  expect(numeric.map(([key]) => key).toSorted()).toEqual(
    numericOptions.map(([key]) => key).toSorted(),
  )
})

describe.each(numericOptions)('%s', (name, make) => {
  it.each([-1, -Infinity, NaN, '5', 'abc', null, {}])(
    'cannot be %o, and its default stands in for it',
    (value) => {
      const resolved = resolveOptions(make(value as number))
      expect(resolved.invalidOption).toBe(name)
      expect({ ...resolved, invalidOption: undefined }).toEqual({
        ...resolveOptions({ ...make(0), ...emptied(make(0)) }),
        invalidOption: undefined,
      })
    },
  )

  it.each([0, 0.5, 7, 1e12, Infinity])('can be %d', (value) => {
    const given = make(value)
    const resolved = resolveOptions(given)
    expect(resolved.invalidOption).toBeUndefined()
    const isNever = value === 0 && neverIfZero.includes(name)
    expect(resolved).toMatchObject(isNever ? make(Infinity) : given)
  })
})

it.each(['reconnect', 'heartbeat', 'queue', 'pacing'])(
  '%s can be null, as if not given',
  (name) => {
    expect(resolveOptions({ [name]: null })).toMatchObject(resolveOptions({}))
  },
)

/** The same groups of options with nothing in them. */
function emptied(options: ConnectionOptions): ConnectionOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === 'object' ? {} : undefined,
    ]),
  )
}
