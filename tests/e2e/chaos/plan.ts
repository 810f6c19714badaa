import * as fc from 'fast-check'
import type { Direction, Way } from '../../rig/network/fault-proxy'

/** A burst of messages of one size. */
interface Burst {
  readonly count: number
  readonly bytes: number
}

/** What can be gone for a while. */
export type Absence =
  /** The proxy does not listen. */
  | 'listener'
  /** The proxy takes links and says nothing on them. */
  | 'handshakes'
  | 'server'
  /** The page is told that it is offline, and online again. */
  | 'network'
  /** The page goes into the back/forward cache, and comes back. */
  | 'page'
  /** Nobody can see the page. */
  | 'viewer'
  /** `close()`, and `reconnect()`. */
  | 'connection'
  /** The only lease is given back, and taken again. */
  | 'user'

/** What happens to the link, the server, the page or the connection, or what is sent. */
export type ChaosAction =
  | { readonly type: 'absence'; readonly of: Absence; readonly forMs: number }
  | { readonly type: 'reset' | 'finish' | 'heal' | 'reconnect' }
  | { readonly type: 'silence'; readonly way: Way }
  | { readonly type: 'delay'; readonly ms: number; readonly way: Way }
  | { readonly type: 'throttle'; readonly bytesPerSecond: number; readonly way: Way }
  | { readonly type: 'cut'; readonly afterBytes: number; readonly direction: Direction }
  | { readonly type: 'server closes'; readonly code: number | undefined }
  | ({ readonly type: 'server sends' } & Burst)
  | ({ readonly type: 'client sends' } & ClientSending & Burst)

interface ClientSending {
  readonly isBinary: boolean
  readonly replaceKey: string | undefined
  readonly ttlMs: number | undefined
  readonly whenClosed: 'queue' | 'drop'
}

/** An action, and how long after the one before. */
export type ChaosStep = ChaosAction & { readonly afterMs: number }

/** How the connection is configured. */
export interface ChaosSetting {
  /** Where the connection's random numbers start. */
  readonly seed: number
  /** The codec takes its time, in both directions. */
  readonly isSlow: boolean
  /** Messages before `open`, on every socket. */
  readonly hasHandshake: boolean
  readonly maxMessages: number
  readonly overflow: 'reject' | 'drop-oldest' | 'drop-newest'
  readonly highWaterBytes: number
}

/** How long the connection waits for what does not come. */
export const patience = { connectMs: 400, heartbeatMs: 300 }

export interface ChaosPlan {
  readonly setting: ChaosSetting
  readonly steps: readonly ChaosStep[]
}

const anyWay = fc.constantFrom<Way>('up', 'down', 'both')
const anyBytes = fc.constantFrom(0, 10, 300, 5000)
const anyCount = fc.integer({ min: 1, max: 20 })

/** Codes after which the connection tries again by itself, without a long wait. */
const retriedCodes = [undefined, 1000, 1001, 1011, 1012, 1014, 3000, 4000] as const

const anyAbsence: fc.Arbitrary<ChaosAction> = fc.record({
  type: fc.constant('absence'),
  of: fc.constantFrom<Absence>(
    'listener',
    'handshakes',
    'server',
    'network',
    'page',
    'viewer',
    'connection',
    'user',
  ),
  forMs: fc.nat(200),
})

const anyFault: fc.Arbitrary<ChaosAction> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constantFrom('reset', 'finish', 'heal', 'reconnect') }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('silence'), way: anyWay }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('delay'), ms: fc.nat(150), way: anyWay }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('throttle'),
      bytesPerSecond: fc.integer({ min: 20_000, max: 1_000_000 }),
      way: anyWay,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('cut'),
      afterBytes: fc.nat(3000),
      direction: fc.constantFrom<Direction>('up', 'down'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('server closes'),
      code: fc.constantFrom(...retriedCodes),
    }),
  },
)

const anySending: fc.Arbitrary<ChaosAction> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('client sends'),
      count: anyCount,
      bytes: anyBytes,
      isBinary: fc.boolean(),
      replaceKey: fc.option(fc.constantFrom('a', 'b'), { nil: undefined, freq: 4 }),
      ttlMs: fc.option(fc.constantFrom(0, 20, 100), { nil: undefined, freq: 4 }),
      whenClosed: fc.constantFrom('queue', 'queue', 'queue', 'drop'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('server sends'),
      count: anyCount,
      bytes: anyBytes,
    }),
  },
)

const anyStep: fc.Arbitrary<ChaosStep> = fc
  .tuple(
    fc.constantFrom(0, 1, 5, 20, 60, 150),
    fc.oneof(
      { weight: 6, arbitrary: anySending },
      { weight: 4, arbitrary: anyFault },
      { weight: 2, arbitrary: anyAbsence },
    ),
  )
  .map(([afterMs, action]) => ({ afterMs, ...action }))

const anySetting: fc.Arbitrary<ChaosSetting> = fc.record({
  seed: fc.nat(1_000_000),
  isSlow: fc.boolean(),
  hasHandshake: fc.boolean(),
  maxMessages: fc.constantFrom(1000, 1000, 5, 30),
  overflow: fc.constantFrom('reject', 'drop-oldest', 'drop-newest'),
  highWaterBytes: fc.constantFrom(262_144, 2000),
})

export const anySteps: fc.Arbitrary<ChaosStep[]> = fc.array(anyStep, {
  minLength: 1,
  maxLength: 40,
  size: 'max',
})

/** Plans of about a second. fast-check shrinks them by leaving out steps. */
export const anyPlan: fc.Arbitrary<ChaosPlan> = fc.record({ setting: anySetting, steps: anySteps })

/** One line for the setting and one for each step. */
export function describePlan({ setting, steps }: ChaosPlan): string {
  const lines = steps.map(({ afterMs, type, ...details }) =>
    [`+${afterMs} ms`, type, JSON.stringify(details)].join('  '),
  )
  return [`setting  ${JSON.stringify(setting)}`, ...lines].join('\n')
}
