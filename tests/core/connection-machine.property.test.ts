import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  initialState,
  statusOf,
  transition,
  type AttemptReport,
  type Circumstances,
  type ConnectionEvent,
  type ConnectionState,
} from '../../src/core/connection-machine'
import { resolveOptions } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'
import { backoffMs } from '../../src/core/retry-policy'

type Request = Exclude<ConnectionEvent, AttemptReport>

const failure = new WirehookError('connect-timeout', 'wss://a.example')

const anyCode = fc.oneof(
  fc.constant(null),
  fc.constantFrom(1000, 1001, 1005, 1006, 1008, 1013, 4401, 4403, 4429, 4500),
  fc.integer({ min: 0, max: 70_000 }),
)

const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'lease-taken',
      'users-left',
      'reconnect-requested',
      'retry-due',
      'network-lost',
      'woken',
      'page-cached',
    ),
  }),
  fc.record({
    type: fc.constant('close-requested'),
    code: fc.constantFrom(1000, 3000, 4401, 4999),
    reason: fc.string(),
  }),
)

/** Of the newest attempt, or of one before it. */
const anyReport = fc.record({
  age: fc.nat(2),
  report: fc.oneof(
    fc.constant<AttemptReport>({ type: 'opened' }),
    fc.constant<AttemptReport>({ type: 'refused', error: failure }),
    fc.record({
      type: fc.constant('ended'),
      isProven: fc.boolean(),
      ending: fc.record({
        code: anyCode,
        reason: fc.string(),
        wasClean: fc.boolean(),
        by: fc.constantFrom('server', 'client', 'network'),
        error: fc.constantFrom(null, failure),
      }),
    }),
  ),
})

const anyNumber = fc.oneof(
  fc.constantFrom(0, 1, 50, Infinity, Number.MAX_VALUE),
  fc.double({ min: 0, noNaN: true }),
)

const anyDecision = fc.constantFrom(
  undefined,
  'retry' as const,
  'stop' as const,
  0,
  -5,
  NaN,
  70,
  1e9,
)

const anyPolicy = fc.record({
  minDelayMs: anyNumber,
  maxDelayMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  factor: anyNumber,
  maxAttempts: fc.constantFrom(0, 1, 3, Infinity),
  stableAfterMs: anyNumber,
  decision: anyDecision,
})

const anyMoment = fc.record({
  event: fc.oneof(anyRequest, anyReport),
  passedMs: fc.constantFrom(0, 1, 400, 5000, 300_000, 1e9),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  isOnline: fc.boolean(),
  isHidden: fc.boolean(),
})

type Moment = typeof anyMoment extends fc.Arbitrary<infer Value> ? Value : never
type Policy = typeof anyPolicy extends fc.Arbitrary<infer Value> ? Value : never

/** An attempt reports that it has found its address before anything else goes well. */
function inOrder(report: AttemptReport, state: ConnectionState): AttemptReport {
  const isAsking = state.name === 'connecting' && state.step === 'asking'
  return report.type === 'opened' && isAsking ? { type: 'address-found' } : report
}

function* run(policy: Policy, moments: readonly Moment[]) {
  const { decision, ...reconnect } = policy
  const options = resolveOptions({ reconnect: { ...reconnect, decide: () => decision } })
  let state: ConnectionState = initialState
  let at = 1_000_000
  for (const { event: given, passedMs, ...others } of moments) {
    at += passedMs
    const now: Circumstances = { at, shownUrl: 'wss://a.example', options, ...others }
    const event: ConnectionEvent =
      'report' in given
        ? { ...inOrder(given.report, state), generation: state.generation - given.age }
        : given
    const step = transition(state, event, now)
    yield { before: state, event, now, ...step }
    state = step.state
  }
}

function hasSaneNumbers(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isNaN(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(hasSaneNumbers)
}

const runs = [anyPolicy, fc.array(anyMoment, { maxLength: 40 })] as const

describe('the machine, whatever it is told,', () => {
  it('never throws, and never makes a number that is none', () => {
    fc.assert(
      fc.property(...runs, (policy, moments) => {
        for (const { state } of run(policy, moments)) {
          expect(hasSaneNumbers(state)).toBe(true)
          expect(typeof statusOf(state)).toBe('string')
          expect(state.generation).toBeGreaterThanOrEqual(0)
          expect(Number.isSafeInteger(state.failures) && state.failures >= 0).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('plans nothing for the past, and either a time or a reason to wait', () => {
    fc.assert(
      fc.property(...runs, (policy, moments) => {
        for (const { before, state, now } of run(policy, moments)) {
          if (state.name !== 'waiting' || state === before) continue
          expect(state.retryAt === null).toBe(state.pausedBy !== null)
          const wasPlanned = before.name === 'waiting' && before.retryAt === state.retryAt
          if (state.retryAt === null || wasPlanned) continue
          expect(state.retryAt).toBeGreaterThanOrEqual(now.at)
          expect(state.retryAt).toBeGreaterThanOrEqual(state.notBefore)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('ends an attempt exactly when it is left, and never starts two without ending one', () => {
    fc.assert(
      fc.property(...runs, (policy, moments) => {
        let isLive = false
        for (const { effects, state } of run(policy, moments)) {
          for (const effect of effects) {
            if (effect === 'end-attempt') {
              expect(isLive).toBe(true)
              isLive = false
            }
            if (effect === 'start-attempt') {
              expect(isLive).toBe(false)
              isLive = true
            }
          }
          expect(isLive).toBe(state.name === 'connecting' || state.name === 'open')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('stays closed until somebody asks, or all have left', () => {
    fc.assert(
      fc.property(...runs, (policy, moments) => {
        for (const { before, event, state, effects } of run(policy, moments)) {
          if (before.name !== 'closed') continue
          const isAsked = ['reconnect-requested', 'users-left', 'close-requested']
          if (isAsked.includes(event.type)) continue
          expect([state, effects]).toEqual([before, []])
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('tells each end once, when there was something to end', () => {
    fc.assert(
      fc.property(...runs, (policy, moments) => {
        for (const { before, state, effects } of run(policy, moments)) {
          const isTold = effects.includes('announce-close')
          expect(isTold).toBe(state.lastClose !== null && state.lastClose !== before.lastClose)
          if (isTold) expect(['connecting', 'open']).toContain(before.name)
          expect(effects.includes('announce-failure')).toBe(
            state.name === 'failed' && before.name !== 'failed',
          )
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('backoff', () => {
  it('stays between its floor and its cap for any options', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.integer({ min: 1 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ({ decision: _, ...options }, failures, random) => {
          const { reconnect } = resolveOptions({ reconnect: options })
          const delayMs = backoffMs(failures, random, reconnect)
          expect(delayMs).toBeGreaterThanOrEqual(50)
          expect(delayMs).toBeLessThanOrEqual(Math.max(50, reconnect.maxDelayMs))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
