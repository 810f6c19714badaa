import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SendOptions } from '../../src/core/connection'
import type { ConnectionOptions } from '../../src/core/connection-options'
import { createConnection } from '../../src/core/create-connection'
import { WirehookError } from '../../src/core/errors'
import { createFakeEnvironment, type FakeSocket } from '../fake-environment'

const lingerMs = 1000
const connectTimeoutMs = 3000

/** What can happen, in any order. What makes no sense at that moment does nothing. */
type Step =
  | {
      readonly type:
        | 'accept'
        | 'greet'
        | 'malformed'
        | 'start closing'
        | 'fill'
        | 'empty'
        | 'close'
        | 'reconnect'
        | 'lease'
        | 'release'
        | 'offline'
        | 'online'
        | 'hide'
        | 'show'
        | 'wake'
        | 'cache page'
    }
  | { readonly type: 'server closes'; readonly code: number }
  | { readonly type: 'cut'; readonly which: number }
  | { readonly type: 'advance' | 'sleep'; readonly ms: number }
  | { readonly type: 'random'; readonly value: number }
  | { readonly type: 'send'; readonly options: SendOptions }

/** Without settling, the next step comes in the same task. */
type TimedStep = Step & { readonly isSettled: boolean }

const plainSteps = [
  'accept',
  'greet',
  'malformed',
  'start closing',
  'fill',
  'empty',
  'close',
  'reconnect',
  'lease',
  'release',
  'offline',
  'online',
  'hide',
  'show',
  'wake',
  'cache page',
] as const

const sendOptions: fc.Arbitrary<SendOptions> = fc.record(
  {
    ttlMs: fc.constantFrom(0, 20, 500, 5000, Infinity),
    replaceKey: fc.constantFrom('a', 'b'),
    whenClosed: fc.constantFrom('queue', 'drop'),
  },
  { requiredKeys: [] },
)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom(...plainSteps) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('accept', 'greet', 'lease') }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send'), options: sendOptions }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('server closes'),
      code: fc.constantFrom(1000, 1001, 1011, 1013, 4401, 4403, 4000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('cut'), which: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('advance', 'sleep'),
      ms: fc.constantFrom(1, 10, 50, 300, 1000, 3000, 30_000, 400_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('random'), value: fc.constantFrom(0, 0.3, 0.999) }),
  },
)

const anyTimedStep: fc.Arbitrary<TimedStep> = fc
  .tuple(anyStep, fc.integer({ min: 0, max: 5 }).map(Boolean))
  .map(([step, isSettled]) => ({ ...step, isSettled }))

/** Mostly from a connection that somebody uses, sometimes from one that is open. */
const anySteps: fc.Arbitrary<TimedStep[]> = fc
  .tuple(
    fc.constantFrom([], ['lease'] as const, ['lease', 'accept', 'greet'] as const),
    fc.array(anyTimedStep, { minLength: 5, maxLength: 60 }),
  )
  .map(([first, steps]) => [...first.map((type) => ({ type, isSettled: true })), ...steps])

interface Setting {
  readonly hasHandshake: boolean
  readonly hasHeartbeat: boolean
  readonly hasParams: boolean
  readonly maxMessages: number
  readonly maxAttempts: number
  readonly overflow: 'reject' | 'drop-oldest' | 'drop-newest'
}

const anySetting: fc.Arbitrary<Setting> = fc.record({
  hasHandshake: fc.boolean(),
  hasHeartbeat: fc.boolean(),
  hasParams: fc.boolean(),
  maxMessages: fc.integer({ min: 0, max: 5 }),
  maxAttempts: fc.constantFrom(0, 2, Infinity),
  overflow: fc.constantFrom('reject', 'drop-oldest', 'drop-newest'),
})

function toOptions(setting: Setting): ConnectionOptions {
  return {
    lingerMs,
    connectTimeoutMs,
    queue: { maxMessages: setting.maxMessages, overflow: setting.overflow },
    pacing: { highWaterBytes: 20 },
    reconnect: { maxAttempts: setting.maxAttempts },
    heartbeat: setting.hasHeartbeat && { intervalMs: 20_000, timeoutMs: 5000 },
    ...(setting.hasParams && { params: async () => Promise.resolve({ token: 't' }) }),
    ...(setting.hasHandshake && {
      handshake: async ({ receive }) => void (await receive((message) => message === 'welcome')),
    }),
  }
}

interface Sent {
  readonly id: string
  readonly replaceKey: string | undefined
}

/** A connection, its fake world, and what has to be true of both whatever happens. */
function createWorld(setting: Setting) {
  const environment = createFakeEnvironment()
  const connection = createConnection('wss://a.example/', { environment, ...toOptions(setting) })
  const leases: (() => void)[] = []
  const accepted: Sent[] = []
  const dropped = new Set<string>()
  const replaced = new Set<string>()
  const welcomed = new Set<FakeSocket>()
  const dying = new Set<FakeSocket>()
  let count = 0
  let leftAt = -Infinity
  /** Sockets there were when `close()` was called, if it still counts. */
  let socketsAtClose: number | null = null
  /** Wanted although nobody has a lease, by `reconnect()`. */
  let isWantedAnyway = false
  let isTimed = false

  connection.on('drop', ({ data }) => {
    expect(dropped).not.toContain(data)
    expect(accepted.map(({ id }) => id)).toContain(data)
    dropped.add(data as string)
  })

  const newest = (): FakeSocket | undefined => environment.sockets.at(-1)

  function readArrived(): string[] {
    return environment.sockets
      .flatMap(({ sent }) => sent.map(String))
      .filter((data) => data.startsWith('message'))
  }

  function listWaiting(): Sent[] {
    const arrived = new Set(readArrived())
    return accepted.filter(({ id }) => !arrived.has(id) && !dropped.has(id) && !replaced.has(id))
  }

  function hasLeft(): boolean {
    return leases.length === 0 && environment.now() >= leftAt + lingerMs
  }

  function send(options: SendOptions): void {
    count += 1
    const id = `message ${count}`
    const { replaceKey } = options
    const candidates = listWaiting().filter((other) => other.replaceKey === replaceKey)
    // In the list already, for the message may be dropped before its result is there.
    accepted.push({ id, replaceKey })
    let result = 'refused'
    try {
      result = connection.send(id, options)
    } catch (error) {
      expect(error).toMatchObject({ code: 'queue-full' })
    }
    if (result === 'dropped' || result === 'refused') accepted.pop()
    if (result === 'refused') expect(setting.overflow).toBe('reject')
    if (result === 'dropped' && options.whenClosed !== 'drop') {
      expect(setting.overflow === 'drop-newest' || setting.maxMessages === 0).toBe(true)
    }
    if (result === 'queued' && replaceKey !== undefined) {
      for (const other of candidates) if (!dropped.has(other.id)) replaced.add(other.id)
    }
    if (hasLeft() && (options.ttlMs ?? Infinity) < Infinity) isTimed = true
  }

  async function perform(step: Step): Promise<void> {
    const socket = newest()
    const isOpen = socket?.readyState === 1
    switch (step.type) {
      case 'accept':
        if (socket?.readyState === 0) void socket.open()
        return
      case 'greet':
        if (socket && isOpen) {
          socket.receive('welcome')
          welcomed.add(socket)
        }
        return
      case 'malformed':
        if (isOpen) socket.receiveFrame('{')
        return
      case 'start closing':
        if (socket && isOpen) {
          socket.close()
          dying.add(socket)
        }
        return
      case 'server closes':
        if (socket?.readyState === 1 || socket?.readyState === 2) socket.closeWith(step.code)
        return
      case 'cut': {
        const any = environment.sockets[environment.sockets.length - 1 - step.which]
        if (any && any.readyState < 3) any.cut()
        return
      }
      case 'fill':
        if (socket) socket.bufferedAmount = 100
        return
      case 'empty':
        if (socket) socket.bufferedAmount = 0
        return
      case 'send':
        return send(step.options)
      case 'close':
        connection.close()
        socketsAtClose = environment.sockets.length
        return
      case 'reconnect':
        connection.reconnect()
        socketsAtClose = null
        if (hasLeft()) isWantedAnyway = true
        return
      case 'lease':
        if (!leases.length) socketsAtClose = null
        isWantedAnyway = false
        leases.push(connection.lease())
        return
      case 'release':
        if (leases.length === 1) leftAt = environment.now()
        leases.shift()?.()
        return
      case 'offline':
        return environment.goOffline()
      case 'online':
        return environment.goOnline()
      case 'hide':
        return environment.hide()
      case 'show':
        return environment.show()
      case 'wake':
        return environment.wake()
      case 'cache page':
        return environment.cachePage()
      case 'advance':
        return environment.advance(step.ms)
      case 'sleep':
        return environment.sleep(step.ms)
      case 'random':
        return environment.setRandom(step.value)
    }
  }

  /** True at every moment, also in the middle of a task. */
  function checkAlways(): void {
    expect(environment.countLiveSockets()).toBeLessThanOrEqual(1)
    if (socketsAtClose !== null) {
      expect(environment.sockets.length).toBe(socketsAtClose)
      expect(environment.countLiveSockets()).toBe(0)
    }
    const arrived = readArrived()
    const order = accepted.map(({ id }) => id).filter((id) => arrived.includes(id))
    expect(arrived).toEqual(order)
    expect(listWaiting().length).toBeLessThanOrEqual(setting.maxMessages)
    for (const id of [...dropped, ...replaced]) expect(arrived).not.toContain(id)
    expect(environment.reportedErrors).toEqual([])
  }

  function checkStatus(): void {
    const { status, retryAt, pausedBy, error, attempt, lastClose, queued } =
      connection.getSnapshot()
    const socket = newest()
    const live = environment.countLiveSockets()
    const isUp =
      socket !== undefined &&
      (socket.readyState === 1 || (dying.has(socket) && socket.readyState === 2)) &&
      (!setting.hasHandshake || welcomed.has(socket))
    if (socket?.readyState === 1) expect(isUp).toBe(status === 'open')
    if (status === 'open') expect(isUp).toBe(true)
    if (status === 'connecting') expect(lastClose).toBeNull()
    if (status === 'idle' || status === 'closed' || status === 'failed') expect(live).toBe(0)
    if (status === 'reconnecting') {
      const isUnderWay = live === 1 || (socket !== undefined && dying.has(socket))
      expect(retryAt !== null || pausedBy !== null || isUnderWay).toBe(true)
      expect(retryAt !== null && pausedBy !== null).toBe(false)
      expect(lastClose).not.toBeNull()
    } else {
      expect([retryAt, pausedBy]).toEqual([null, null])
    }
    if (retryAt !== null) {
      expect(live).toBe(0)
      expect(retryAt).toBeGreaterThan(environment.now())
      expect(retryAt).toBeLessThanOrEqual(environment.now() + 35_000)
      expect(environment.countTimers()).toBeGreaterThan(0)
    }
    expect(error instanceof WirehookError).toBe(status === 'failed')
    expect(Number.isInteger(attempt) && attempt >= 0).toBe(true)
    if (status === 'open') expect(attempt).toBe(0)
    expect(queued).toBe(listWaiting().length)
    expect(connection.getSnapshot()).toBe(connection.getSnapshot())
  }

  function checkNothingIsLeft(): void {
    if (!hasLeft() || isWantedAnyway) return
    expect(['idle', 'closed']).toContain(connection.getSnapshot().status)
    expect(environment.countPageWatchers()).toBe(0)
    expect(environment.countLiveSockets()).toBe(0)
    if (!isTimed) expect(environment.countTimers()).toBe(0)
  }

  function checkSettled(): void {
    checkStatus()
    checkNothingIsLeft()
  }

  return {
    environment,
    connection,
    listWaiting,
    newest,
    checkAlways,
    checkSettled,
    async take({ isSettled, ...step }: TimedStep): Promise<void> {
      const wasLeft = hasLeft()
      await perform(step)
      checkAlways()
      if (!isSettled && step.type !== 'advance') return
      await environment.advance(0)
      if (hasLeft() && !wasLeft) isTimed = false
      checkAlways()
      checkSettled()
    },
  }
}

describe('whatever happens, in whatever order,', () => {
  it('a connection keeps its promises', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
        const world = createWorld(setting)
        for (const step of steps) await world.take(step)
      }),
      { numRuns: 600 },
    )
  })

  it('what is queued goes out in the end', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
        const world = createWorld(setting)
        const { environment, connection } = world
        for (const step of steps) await world.take(step)
        for (const type of ['online', 'show', 'lease', 'reconnect'] as const) {
          await world.take({ type, isSettled: true })
        }
        const socket = environment.newestSocket()
        await socket.open()
        socket.receive('welcome')
        await environment.advance(10)
        expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 0 })
        expect(world.listWaiting()).toEqual([])
        world.checkAlways()
      }),
      { numRuns: 150 },
    )
  })

  it('it tries again once somebody looks and there is a network', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
        const world = createWorld({ ...setting, maxAttempts: Infinity })
        const { environment, connection } = world
        for (const step of steps) await world.take(step)
        for (const type of ['online', 'show', 'lease'] as const) {
          await world.take({ type, isSettled: true })
        }
        if (connection.getSnapshot().status !== 'reconnecting') return
        // A socket that hangs is replaced, too.
        const before = environment.sockets.length
        await environment.advance(connectTimeoutMs + 36_000)
        expect(environment.sockets.length).toBeGreaterThan(before)
      }),
      { numRuns: 150 },
    )
  })

  it('it leaves nothing behind when everybody goes', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySetting, anySteps, async (setting, steps) => {
        const world = createWorld(setting)
        const { environment, connection } = world
        let leases = 0
        const lease = { type: 'lease', isSettled: true } as const
        for (const step of [lease, ...steps]) {
          if (step.type === 'lease') leases += 1
          if (step.type !== 'release') await world.take(step)
        }
        for (; leases > 0; leases -= 1) await world.take({ type: 'release', isSettled: false })
        await environment.advance(lingerMs)
        expect(connection.getSnapshot().status).toBe('idle')
        expect(environment.countTimers()).toBe(0)
        expect(environment.countPageWatchers()).toBe(0)
        expect(environment.countLiveSockets()).toBe(0)
        const before = environment.sockets.length
        environment.wake()
        await environment.advance(3_600_000)
        expect(environment.sockets).toHaveLength(before)
      }),
      { numRuns: 150 },
    )
  })
})
