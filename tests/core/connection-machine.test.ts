import { describe, expect, it } from 'vitest'
import type { CloseInfo } from '../../src/core/connection'
import {
  initialState,
  statusOf,
  transition,
  type Circumstances,
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
  type Ending,
} from '../../src/core/connection-machine'
import { resolveOptions, type ReconnectOptions } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'

const start = 1_000_000
const minute = 60_000
const memory = { generation: 3, failures: 0, lostAt: 0, lastClose: null }

type Memory = Pick<ConnectionState, 'generation' | 'failures' | 'lostAt' | 'lastClose'>

function calm(name: 'idle' | 'closed', change: Partial<Memory> = {}) {
  return { ...memory, ...change, name } satisfies ConnectionState
}

function connecting(change: Partial<Memory> & { step?: 'asking' | 'dialling' } = {}) {
  return { ...memory, step: 'dialling', ...change, name: 'connecting' } satisfies ConnectionState
}

function open(change: Partial<Memory> & { openedAt?: number } = {}) {
  return { ...memory, openedAt: start, ...change, name: 'open' } satisfies ConnectionState
}

function waiting(
  change: Partial<Memory & Pick<ConnectionState & { name: 'waiting' }, 'retryAt' | 'pausedBy'>> & {
    notBefore?: number
  } = {},
) {
  return {
    ...memory,
    failures: 1,
    lostAt: start,
    lastClose: closeInfo(1006),
    retryAt: start + 400,
    pausedBy: null,
    notBefore: start,
    ...change,
    name: 'waiting',
  } satisfies ConnectionState
}

function failed(change: Partial<Memory> = {}) {
  const error = new WirehookError('closed-for-good', 'wss://a.example')
  return { ...memory, ...change, name: 'failed', error } satisfies ConnectionState
}

function closeInfo(code: number | null, change: Partial<CloseInfo> = {}): CloseInfo {
  return {
    code,
    reason: '',
    wasClean: false,
    by: code === 1006 ? 'network' : 'server',
    openForMs: null,
    at: start,
    error: null,
    ...change,
  }
}

function now(
  change: Partial<Omit<Circumstances, 'options'>> & { reconnect?: ReconnectOptions | false } = {},
): Circumstances {
  const { reconnect, ...others } = change
  return {
    at: start,
    random: 0.5,
    isOnline: true,
    isHidden: false,
    shownUrl: 'wss://a.example/live',
    options: resolveOptions({ reconnect }),
    ...others,
  }
}

function ended(
  code: number | null,
  {
    generation = 3,
    isProven = false,
    ...change
  }: Partial<Ending> & { generation?: number; isProven?: boolean } = {},
): ConnectionEvent {
  const by = code === 1006 ? 'network' : 'server'
  const ending: Ending = { code, reason: '', wasClean: code !== 1006, by, error: null, ...change }
  return { type: 'ended', generation, isProven, ending }
}

const closeRequested = { type: 'close-requested', code: 1000, reason: '' } as const
const refusal = new WirehookError('invalid-url', 'x:')

const events: Record<string, ConnectionEvent> = {
  'lease-taken': { type: 'lease-taken' },
  'users-left': { type: 'users-left' },
  'reconnect-requested': { type: 'reconnect-requested' },
  'close-requested': closeRequested,
  'retry-due': { type: 'retry-due' },
  'network-lost': { type: 'network-lost' },
  woken: { type: 'woken' },
  'page-cached': { type: 'page-cached' },
  'address-found': { type: 'address-found', generation: 3 },
  opened: { type: 'opened', generation: 3 },
  refused: { type: 'refused', generation: 3, error: refusal },
  'ended with 1006': ended(1006),
  'ended with 4403': ended(4403),
}

const states: Record<ConnectionState['name'], ConnectionState> = {
  idle: calm('idle'),
  connecting: connecting(),
  open: open(),
  waiting: waiting(),
  closed: calm('closed'),
  failed: failed(),
}

type Row = readonly [
  event: string,
  ...outcomes: Partial<
    Record<ConnectionState['name'], readonly [ConnectionState['name'], ...Effect[]]>
  >[],
]

/** What is not listed changes nothing. */
const table: readonly Row[] = [
  ['lease-taken', { idle: ['connecting', 'start-attempt'] }],
  [
    'users-left',
    {
      idle: ['idle'],
      connecting: ['idle', 'end-attempt', 'announce-close'],
      open: ['idle', 'end-attempt', 'announce-close'],
      waiting: ['idle'],
      closed: ['idle'],
      failed: ['idle'],
    },
  ],
  [
    'reconnect-requested',
    {
      idle: ['connecting', 'start-attempt'],
      connecting: ['connecting', 'end-attempt', 'announce-close', 'start-attempt'],
      open: ['connecting', 'end-attempt', 'announce-close', 'start-attempt'],
      waiting: ['connecting', 'start-attempt'],
      closed: ['connecting', 'start-attempt'],
      failed: ['connecting', 'start-attempt'],
    },
  ],
  [
    'close-requested',
    {
      idle: ['closed'],
      connecting: ['closed', 'end-attempt', 'announce-close'],
      open: ['closed', 'end-attempt', 'announce-close'],
      waiting: ['closed'],
      closed: ['closed'],
      failed: ['closed'],
    },
  ],
  ['retry-due', { waiting: ['connecting', 'start-attempt'] }],
  ['network-lost', { open: ['open', 'probe'], waiting: ['waiting'] }],
  ['woken', { open: ['open', 'probe'], waiting: ['waiting'] }],
  [
    'page-cached',
    {
      connecting: ['waiting', 'end-attempt', 'announce-close'],
      open: ['waiting', 'end-attempt', 'announce-close'],
      waiting: ['waiting'],
    },
  ],
  ['address-found', { connecting: ['connecting'] }],
  ['opened', { connecting: ['open', 'announce-open'] }],
  [
    'refused',
    {
      connecting: ['failed', 'end-attempt', 'announce-failure'],
      open: ['failed', 'end-attempt', 'announce-failure'],
    },
  ],
  [
    'ended with 1006',
    {
      connecting: ['waiting', 'end-attempt', 'announce-close'],
      open: ['waiting', 'end-attempt', 'announce-close'],
    },
  ],
  [
    'ended with 4403',
    {
      connecting: ['failed', 'end-attempt', 'announce-close', 'announce-failure'],
      open: ['failed', 'end-attempt', 'announce-close', 'announce-failure'],
    },
  ],
]

/** An attempt reports its steps in order and each of them once. */
const impossible = ['address-found in open', 'opened in open']

const cases = table
  .flatMap(([label, outcomes]) =>
    Object.values(states).map((state) => {
      const [name = state.name, ...effects] = outcomes?.[state.name] ?? []
      const isIgnored = !outcomes?.[state.name]
      const event = events[label] ?? closeRequested
      return { label: `${label} in ${state.name}`, state, event, name, effects, isIgnored }
    }),
  )
  .filter(({ label }) => !impossible.includes(label))

describe('every state and every event', () => {
  it.each(cases)('$label leads to $name', ({ state, event, name, effects, isIgnored }) => {
    const step = transition(state, event, now())
    expect(step.state.name).toBe(name)
    expect(step.effects).toEqual(effects)
    if (isIgnored) expect(step.state).toBe(state)
  })

  it('begins idle and without a past', () => {
    expect(initialState).toEqual({
      name: 'idle',
      generation: 0,
      failures: 0,
      lostAt: 0,
      lastClose: null,
    })
  })

  it('leaves nothing of the state before behind', () => {
    const { state } = transition(waiting(), closeRequested, now())
    expect(Object.keys(state).toSorted()).toEqual(
      ['name', 'generation', 'failures', 'lostAt', 'lastClose'].toSorted(),
    )
  })
})

describe('events of an old generation (R2)', () => {
  const reports = [
    { type: 'address-found', generation: 2 },
    { type: 'opened', generation: 2 },
    { type: 'refused', generation: 2, error: refusal },
    ended(1006, { generation: 2 }),
    ended(4403, { generation: 2 }),
    ended(1006, { generation: 4 }),
  ] satisfies ConnectionEvent[]

  it.each(Object.values(states))('change nothing in $name', (state) => {
    for (const report of reports) {
      expect(transition(state, report, now())).toEqual({ state, effects: [] })
    }
  })

  it('every attempt gets a generation of its own', () => {
    const first = transition(initialState, { type: 'lease-taken' }, now()).state
    const second = transition(first, closeRequested, now()).state
    const third = transition(second, { type: 'reconnect-requested' }, now()).state
    const fourth = transition(waiting({ generation: 8 }), { type: 'retry-due' }, now()).state
    expect([first, third, fourth].map(({ generation }) => generation)).toEqual([1, 2, 9])
  })

  it('keeps the generation while it waits, so that late reports still find it over', () => {
    const { state } = transition(open(), ended(1006), now())
    expect(state.generation).toBe(3)
    expect(transition(state, { type: 'opened', generation: 3 }, now()).state).toBe(state)
  })
})

describe('an explicit close (R2)', () => {
  const laterEvents: ConnectionEvent[] = [
    { type: 'lease-taken' },
    { type: 'retry-due' },
    { type: 'network-lost' },
    { type: 'woken' },
    { type: 'page-cached' },
    { type: 'address-found', generation: 3 },
    { type: 'opened', generation: 3 },
    { type: 'refused', generation: 3, error: refusal },
    ended(1006),
    ended(1000),
  ]

  it.each(Object.values(states))('in $name beats whatever comes later', (state) => {
    const { state: closed } = transition(state, closeRequested, now())
    for (const event of laterEvents) {
      expect(transition(closed, event, now())).toEqual({ state: closed, effects: [] })
    }
  })

  it('carries its code and reason, and is honest about who closed', () => {
    const { state } = transition(
      open({ openedAt: start - 700 }),
      { type: 'close-requested', code: 4000, reason: 'done' },
      now(),
    )
    expect(state.lastClose).toEqual({
      code: 4000,
      reason: 'done',
      wasClean: false,
      by: 'client',
      openForMs: 700,
      at: start,
      error: null,
    })
  })

  it('invents no end where there was no socket', () => {
    const state = waiting()
    expect(transition(state, closeRequested, now()).state.lastClose).toBe(state.lastClose)
    expect(transition(initialState, closeRequested, now()).state.lastClose).toBeNull()
  })
})

describe('what is told about an end', () => {
  it('is what came in, with the time it was open', () => {
    const event = ended(1001, { reason: 'restart', wasClean: true })
    const { state } = transition(open({ openedAt: start - 90 }), event, now())
    expect(state.lastClose).toEqual({
      code: 1001,
      reason: 'restart',
      wasClean: true,
      by: 'server',
      openForMs: 90,
      at: start,
      error: null,
    })
  })

  it('says that an attempt that failed never was open', () => {
    const { state } = transition(connecting(), ended(1006), now())
    expect(state.lastClose).toMatchObject({ openForMs: null, by: 'network' })
  })

  it('has no code where this side gave up, but the error that made it do so', () => {
    const error = new WirehookError('connect-timeout', 'wss://a.example')
    const event = ended(null, { by: 'client', error, wasClean: false })
    const { state } = transition(connecting(), event, now())
    expect(state.lastClose).toMatchObject({ code: null, by: 'client', error })
  })

  it('calls an end by reconnect() one of ours', () => {
    const { state } = transition(open(), { type: 'reconnect-requested' }, now({ at: start + 20 }))
    expect(state.lastClose).toMatchObject({ code: 1000, by: 'client', openForMs: 20 })
  })
})

describe('counting failures (R3)', () => {
  const soon = now({ at: start + 5000 })

  it('starts at 1 with the first end', () => {
    expect(transition(connecting(), ended(1006), now()).state.failures).toBe(1)
  })

  it('goes on with every end in a row', () => {
    const { state } = transition(connecting({ failures: 4 }), ended(1006), now())
    expect(state.failures).toBe(5)
  })

  it('starts again after stableAfterMs of open and a message', () => {
    const { state } = transition(open({ failures: 6 }), ended(1006, { isProven: true }), soon)
    expect(state.failures).toBe(1)
  })

  it('goes on if nothing was heard, however long it was open', () => {
    const hoursLater = now({ at: start + 60 * minute })
    const { state } = transition(open({ failures: 6 }), ended(1006), hoursLater)
    expect(state.failures).toBe(7)
  })

  it('goes on if it was open for less than stableAfterMs, whatever was heard', () => {
    const justBefore = now({ at: start + 4999 })
    const { state } = transition(open({ failures: 6 }), ended(1006, { isProven: true }), justBefore)
    expect(state.failures).toBe(7)
  })

  it('goes on if the end came before it was open', () => {
    const { state } = transition(
      connecting({ failures: 6 }),
      ended(1006, { isProven: true }),
      now({ reconnect: { stableAfterMs: 0 } }),
    )
    expect(state.failures).toBe(7)
  })

  it('asks for the proof only if stableAfterMs is 0', () => {
    const reconnect = { stableAfterMs: 0 }
    const proven = transition(
      open({ failures: 6 }),
      ended(1006, { isProven: true }),
      now({ reconnect }),
    )
    const unproven = transition(open({ failures: 6 }), ended(1006), now({ reconnect }))
    expect(proven.state.failures).toBe(1)
    expect(unproven.state.failures).toBe(7)
  })

  it('is not reset by opening, so a server that accepts and closes is left alone for longer', () => {
    let state: ConnectionState = connecting()
    const delays: number[] = []
    for (let round = 0; round < 8; round += 1) {
      state = transition(state, { type: 'opened', generation: state.generation }, now()).state
      const event = ended(1000, { generation: state.generation })
      state = transition(state, event, now({ random: 1 - Number.EPSILON })).state
      if (state.name !== 'waiting' || state.retryAt === null) throw new Error(state.name)
      delays.push(Math.round(state.retryAt - start))
      state = transition(state, { type: 'retry-due' }, now()).state
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('starts at 0 again when asked to reconnect, and when everybody has left', () => {
    const tried = waiting({ failures: 9 })
    expect(transition(tried, { type: 'reconnect-requested' }, now()).state.failures).toBe(0)
    expect(transition(tried, { type: 'users-left' }, now()).state.failures).toBe(0)
  })

  it('survives a stay in the back/forward cache', () => {
    const { state } = transition(connecting({ failures: 4 }), { type: 'page-cached' }, now())
    expect(state.failures).toBe(4)
  })
})

describe('what follows a close code (R4)', () => {
  const retried = [
    1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4402, 4429, 4499,
  ]
  const final = [1002, 1003, 1007, 1008, 1009, 1010, 4400, 4403, 4404, 4500, 4999]

  it.each(retried)('%i is tried again', (code) => {
    expect(transition(open(), ended(code), now()).state.name).toBe('waiting')
  })

  it.each(final)('%i fails', (code) => {
    const { state } = transition(open(), ended(code), now())
    expect(state).toMatchObject({ name: 'failed', lastClose: { code } })
    expect(errorOf(state)).toMatchObject({ code: 'closed-for-good' })
    expect(errorOf(state)?.message).toContain(`wss://a.example/live, ${code}`)
  })

  it('an end without a code is tried again', () => {
    const error = new WirehookError('heartbeat-timeout', 'wss://a.example')
    const { state } = transition(open(), ended(null, { by: 'client', error }), now())
    expect(state).toMatchObject({ name: 'waiting', retryAt: start + 275 })
  })

  it.each([1013, 4429])('%i is not tried again before 5 s', (code) => {
    const { state } = transition(open(), ended(code), now({ random: 0 }))
    expect(state).toMatchObject({ retryAt: start + 5050, notBefore: start + 5000 })
  })

  it('4401 is tried again at once, and fails the second time in a row', () => {
    const first = transition(open(), ended(4401), now())
    expect(first.state).toMatchObject({ name: 'waiting', retryAt: start })
    const again = transition(first.state, { type: 'retry-due' }, now())
    const second = transition(again.state, ended(4401, { generation: 4 }), now())
    expect(second.state).toMatchObject({ name: 'failed', error: { code: 'unauthorized' } })
  })

  it('4401 after a good hour is a new 4401', () => {
    const refreshed = open({ failures: 1, lastClose: closeInfo(4401) })
    const anHourLater = now({ at: start + 60 * minute })
    const { state } = transition(refreshed, ended(4401, { isProven: true }), anHourLater)
    expect(state).toMatchObject({ name: 'waiting', retryAt: start + 60 * minute, failures: 1 })
  })

  it('4401 after a good hour is a new 4401 also if the server never said a word', () => {
    const refreshed = open({ failures: 1, lastClose: closeInfo(4401) })
    const anHourLater = now({ at: start + 60 * minute })
    expect(transition(refreshed, ended(4401), anHourLater).state.name).toBe('waiting')
  })

  it('4401 right after a token that seemed to work fails', () => {
    const refreshed = open({ failures: 1, lastClose: closeInfo(4401) })
    const { state } = transition(refreshed, ended(4401, { isProven: true }), now())
    expect(state).toMatchObject({ name: 'failed', error: { code: 'unauthorized' } })
  })

  it('4401 twice within a second fails, also where every connection counts as stable', () => {
    const refreshed = open({ failures: 1, lastClose: closeInfo(4401) })
    const soon = now({ at: start + 999, reconnect: { stableAfterMs: 0 } })
    const { state } = transition(refreshed, ended(4401, { isProven: true }), soon)
    expect(state).toMatchObject({ name: 'failed', error: { code: 'unauthorized' } })
    const later = { ...soon, at: start + 1000 }
    const next = transition(refreshed, ended(4401, { isProven: true }), later)
    expect(next.state.name).toBe('waiting')
  })

  it('4401 after another end refreshes again', () => {
    const { state } = transition(
      connecting({ failures: 2, lastClose: closeInfo(1006) }),
      ended(4401),
      now(),
    )
    expect(state).toMatchObject({ name: 'waiting', retryAt: start })
  })

  it('decide has the last word', () => {
    const stopped = transition(open(), ended(1006), now({ reconnect: { decide: () => 'stop' } }))
    const retry = transition(open(), ended(4403), now({ reconnect: { decide: () => 'retry' } }))
    const later = transition(open(), ended(4403), now({ reconnect: { decide: () => 7000 } }))
    expect(stopped.state).toMatchObject({ name: 'failed', error: { code: 'closed-for-good' } })
    expect(retry.state).toMatchObject({ name: 'waiting', retryAt: start + 275 })
    expect(later.state).toMatchObject({ retryAt: start + 7000, notBefore: start + 7000 })
  })

  it('decide sees the end as it will be shown', () => {
    const seen: CloseInfo[] = []
    const decide = (close: CloseInfo): undefined => {
      seen.push(close)
    }
    const { state } = transition(
      open({ openedAt: start - 10 }),
      ended(1012),
      now({ reconnect: { decide } }),
    )
    expect(seen).toEqual([state.lastClose])
    expect(seen[0]).toMatchObject({ code: 1012, openForMs: 10 })
  })
})

describe('maxAttempts', () => {
  function countAttempts(maxAttempts: number): number {
    const circumstances = now({ reconnect: { maxAttempts } })
    let { state } = transition(initialState, { type: 'lease-taken' }, circumstances)
    for (let attempts = 1; attempts < 20; attempts += 1) {
      state = transition(state, ended(1006, { generation: attempts }), circumstances).state
      if (state.name === 'failed') return attempts
      state = transition(state, { type: 'retry-due' }, circumstances).state
    }
    return Infinity
  }

  it('counts the retries, without the first attempt', () => {
    expect([0, 1, 2, 5].map(countAttempts)).toEqual([1, 2, 3, 6])
    expect(countAttempts(Infinity)).toBe(Infinity)
  })

  it('leaves the number of retries that were made', () => {
    const exhausted = transition(
      connecting({ failures: 2 }),
      ended(1006),
      now({ reconnect: { maxAttempts: 2 } }),
    )
    expect(exhausted.state).toMatchObject({ name: 'failed', failures: 2 })
    expect(transition(open(), ended(4403), now()).state).toMatchObject({ failures: 0 })
  })

  it('fails with what made the last attempt fail as its cause', () => {
    const cause = new WirehookError('connect-timeout', 'wss://a.example')
    const event = ended(null, { by: 'client', error: cause })
    const { state } = transition(connecting(), event, now({ reconnect: false }))
    expect(errorOf(state)).toMatchObject({ code: 'attempts-exhausted', cause })
  })

  it('waits instead of failing while nobody looks', () => {
    const hidden = now({ isHidden: true, reconnect: { maxAttempts: 3 } })
    const { state } = transition(connecting({ failures: 3 }), ended(1006), hidden)
    expect(state).toMatchObject({ name: 'waiting', pausedBy: 'hidden', retryAt: null })
    const seen = now({ at: start + 10 * minute, reconnect: { maxAttempts: 3 } })
    const woken = transition(state, { type: 'woken' }, seen)
    const retried = transition(woken.state, { type: 'retry-due' }, seen)
    expect(retried.state.name).toBe('connecting')
    const lost = transition(retried.state, ended(1006, { generation: 4 }), seen)
    expect(errorOf(lost.state)).toMatchObject({ code: 'attempts-exhausted' })
  })

  it('fails also while nobody looks if there are no retries at all', () => {
    const hidden = now({ isHidden: true, reconnect: false })
    expect(transition(connecting(), ended(1006), hidden).state.name).toBe('failed')
  })

  it('a final code fails also while nobody looks', () => {
    expect(transition(open(), ended(4403), now({ isHidden: true })).state.name).toBe('failed')
  })
})

describe('the network (R5)', () => {
  const offline = now({ isOnline: false })

  it('is not asked about before the first attempt', () => {
    for (const type of ['lease-taken', 'reconnect-requested'] as const) {
      expect(transition(initialState, { type }, offline).state.name).toBe('connecting')
    }
  })

  it('going away pauses what waits', () => {
    const { state } = transition(waiting(), { type: 'network-lost' }, offline)
    expect(state).toMatchObject({ name: 'waiting', pausedBy: 'offline', retryAt: null })
  })

  it('that is away at the end of a socket pauses at once', () => {
    const { state } = transition(open(), ended(1006), offline)
    expect(state).toMatchObject({ name: 'waiting', pausedBy: 'offline', retryAt: null })
  })

  it('that is away when a retry is due pauses it', () => {
    const { state } = transition(waiting(), { type: 'retry-due' }, offline)
    expect(state).toMatchObject({ name: 'waiting', pausedBy: 'offline', retryAt: null })
  })

  it('going away leaves an attempt that is under way alone', () => {
    const state = connecting()
    expect(transition(state, { type: 'network-lost' }, offline)).toEqual({ state, effects: [] })
  })

  it('coming back starts a paused retry within 500 ms, spread out', () => {
    const paused = waiting({ pausedBy: 'offline', retryAt: null })
    const retryAts = [0, 0.5, 0.999].map((random) => {
      const { state } = transition(paused, { type: 'woken' }, now({ random }))
      return state.name === 'waiting' && state.retryAt
    })
    expect(retryAts).toEqual([start, start + 250, start + 499.5])
  })

  it('coming back brings a retry forward, never back', () => {
    const far = waiting({ retryAt: start + 30_000 })
    const near = waiting({ retryAt: start + 30 })
    const wake = { type: 'woken' } as const
    expect(transition(far, wake, now()).state).toMatchObject({ retryAt: start + 250 })
    expect(transition(near, wake, now()).state).toMatchObject({ retryAt: start + 30 })
  })

  it('coming back does not cut the time a server asked for', () => {
    const overloaded = waiting({ retryAt: start + 5300, notBefore: start + 5000 })
    const paused = waiting({ pausedBy: 'offline', retryAt: null, notBefore: start + 5000 })
    const wake = { type: 'woken' } as const
    expect(transition(overloaded, wake, now()).state).toMatchObject({ retryAt: start + 5000 })
    expect(transition(paused, wake, now()).state).toMatchObject({ retryAt: start + 5000 })
  })

  it('pausing keeps the time a server asked for', () => {
    const overloaded = waiting({ retryAt: start + 5300, notBefore: start + 5000 })
    const lost = transition(overloaded, { type: 'network-lost' }, offline)
    expect(lost.state).toMatchObject({ notBefore: start + 5000 })
    const due = transition(overloaded, { type: 'retry-due' }, offline)
    expect(due.state).toMatchObject({ notBefore: start + 5000 })
  })

  it('the page coming back without the network changes nothing', () => {
    const paused = waiting({ pausedBy: 'offline', retryAt: null })
    expect(transition(paused, { type: 'woken' }, offline)).toEqual({ state: paused, effects: [] })
  })

  it('makes an open socket be asked whenever it changes, also while offline', () => {
    for (const type of ['woken', 'network-lost'] as const) {
      const state = open()
      expect(transition(state, { type }, offline)).toEqual({ state, effects: ['probe'] })
    }
  })
})

describe('a page that nobody sees (R6)', () => {
  const hiddenAt = (at: number): Circumstances => now({ at, isHidden: true })

  it('goes on trying for 5 minutes, then waits to be seen', () => {
    const justBefore = transition(
      waiting(),
      { type: 'retry-due' },
      hiddenAt(start + 5 * minute - 1),
    )
    const after = transition(waiting(), { type: 'retry-due' }, hiddenAt(start + 5 * minute))
    expect(justBefore.state.name).toBe('connecting')
    expect(after.state).toMatchObject({ name: 'waiting', pausedBy: 'hidden', retryAt: null })
    expect(after.effects).toEqual([])
  })

  it('tries again when it is seen', () => {
    const paused = waiting({ pausedBy: 'hidden', retryAt: null })
    const seen = now({ at: start + 10 * minute })
    const { state } = transition(paused, { type: 'woken' }, seen)
    expect(state).toMatchObject({ pausedBy: null, retryAt: start + 10 * minute + 250 })
    expect(transition(state, { type: 'retry-due' }, seen).state.name).toBe('connecting')
  })

  it('that is visible goes on trying for ever', () => {
    const { state } = transition(waiting(), { type: 'retry-due' }, now({ at: start + 1e9 }))
    expect(state.name).toBe('connecting')
  })

  it('counts the 5 minutes from the first failure in a row', () => {
    const first = transition(connecting(), ended(1006), hiddenAt(start + 7)).state
    expect(first.lostAt).toBe(start + 7)
    const second = transition(
      { ...connecting(), ...first, name: 'connecting', step: 'dialling' },
      ended(1006),
      hiddenAt(start + 2 * minute),
    ).state
    expect(second.lostAt).toBe(start + 7)
  })

  it('counts new trouble from its own beginning', () => {
    const later = start + 60 * minute
    const good = open({ failures: 3, lostAt: start - minute, openedAt: start })
    const lost = transition(good, ended(1006, { isProven: true }), hiddenAt(later)).state
    const retry = transition(lost, { type: 'retry-due' }, hiddenAt(later + 1000))
    expect(retry.state.name).toBe('connecting')
  })
})

describe('the back/forward cache (R5)', () => {
  it.each([open(), connecting()])('closes $name with 1000 and waits', (state) => {
    const step = transition(state, { type: 'page-cached' }, now())
    expect(step.state).toMatchObject({
      name: 'waiting',
      pausedBy: 'hidden',
      retryAt: null,
      lastClose: { code: 1000, by: 'client' },
    })
    expect(step.effects).toEqual(['end-attempt', 'announce-close'])
  })

  it('stops a retry that was scheduled', () => {
    const { state } = transition(waiting(), { type: 'page-cached' }, now())
    expect(state).toMatchObject({ pausedBy: 'hidden', retryAt: null })
  })

  it('is left with a new attempt, and the late end of the old socket is ignored', () => {
    const cached = transition(open(), { type: 'page-cached' }, now()).state
    const back = transition(cached, { type: 'woken' }, now()).state
    expect(back).toMatchObject({ pausedBy: null, retryAt: start + 250 })
    const again = transition(back, { type: 'retry-due' }, now()).state
    expect(transition(again, ended(1006), now()).state).toBe(again)
  })
})

describe('a wish to reconnect', () => {
  const event = { type: 'reconnect-requested' } as const

  it('replaces an attempt that hangs', () => {
    const step = transition(connecting({ failures: 4 }), event, now())
    expect(step.state).toMatchObject({ name: 'connecting', generation: 4, failures: 0 })
    expect(step.effects).toEqual(['end-attempt', 'announce-close', 'start-attempt'])
  })

  it('does not ask again what is being asked, but counts from 0', () => {
    const step = transition(connecting({ failures: 4, step: 'asking' }), event, now())
    expect(step).toEqual({ state: connecting({ step: 'asking' }), effects: [] })
  })

  it('cuts any wait, also one that a server asked for', () => {
    const overloaded = waiting({ retryAt: start + 5300, notBefore: start + 5000 })
    expect(transition(overloaded, event, now()).state.name).toBe('connecting')
  })
})

describe('users', () => {
  it('leaving ends everything, and coming back starts without a past', () => {
    const left = transition(open({ failures: 3 }), { type: 'users-left' }, now()).state
    expect(left).toMatchObject({ name: 'idle', failures: 0, lastClose: { code: 1000 } })
    const back = transition(left, { type: 'lease-taken' }, now()).state
    expect(back).toMatchObject({ name: 'connecting', generation: 4, lastClose: null })
    expect(statusOf(back)).toBe('connecting')
  })

  it('coming back after a close or a failure that all have left opens again', () => {
    for (const state of [calm('closed'), failed()]) {
      const left = transition(state, { type: 'users-left' }, now()).state
      expect(transition(left, { type: 'lease-taken' }, now()).state.name).toBe('connecting')
    }
  })
})

describe('the status', () => {
  it('is reconnecting for every attempt after an end', () => {
    expect(statusOf(connecting())).toBe('connecting')
    expect(statusOf(connecting({ lastClose: closeInfo(1006) }))).toBe('reconnecting')
    expect(statusOf(waiting())).toBe('reconnecting')
  })

  it.each([calm('idle'), open(), calm('closed'), failed()])('is $name while $name', (state) => {
    expect(statusOf({ ...state, lastClose: closeInfo(1006) })).toBe(state.name)
  })
})

function errorOf(state: ConnectionState): WirehookError | undefined {
  return state.name === 'failed' ? state.error : undefined
}
