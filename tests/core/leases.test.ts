import { describe, expect, it } from 'vitest'
import { createLeases } from '../../src/core/leases'
import { createFakeEnvironment } from '../fake-environment'

function setUp(lingerMs = 1000) {
  const environment = createFakeEnvironment()
  const log: string[] = []
  const leases = createLeases(
    environment,
    () => lingerMs,
    () => log.push(`first of ${leases.count}`),
    () => log.push('last'),
  )
  return { environment, leases, log }
}

describe('the first lease', () => {
  it('counts in a microtask, with everybody who came in the same task (R14)', async () => {
    const { leases, log } = setUp()
    leases.take()
    leases.take()
    expect(log).toEqual([])
    await Promise.resolve()
    expect(log).toEqual(['first of 2'])
  })

  it('counts for nothing if it ends in the same task', async () => {
    const { environment, leases, log } = setUp()
    leases.take()()
    await environment.advance(999)
    expect(log).toEqual([])
  })

  it('is not told again for later ones', async () => {
    const { environment, leases, log } = setUp()
    leases.take()
    await environment.advance(0)
    leases.take()
    await environment.advance(5000)
    expect(log).toEqual(['first of 1'])
  })
})

describe('the last lease', () => {
  it('lingers', async () => {
    const { environment, leases, log } = setUp()
    const release = leases.take()
    await environment.advance(0)
    release()
    await environment.advance(999)
    expect(log).toEqual(['first of 1'])
    await environment.advance(1)
    expect(log).toEqual(['first of 1', 'last'])
    expect(environment.countTimers()).toBe(0)
  })

  it('is the last of all', async () => {
    const { environment, leases, log } = setUp()
    const releases = [leases.take(), leases.take(), leases.take()]
    await environment.advance(0)
    releases[1]?.()
    releases[0]?.()
    await environment.advance(5000)
    expect(leases.count).toBe(1)
    expect(log).toEqual(['first of 3'])
    releases[2]?.()
    await environment.advance(5000)
    expect(log).toEqual(['first of 3', 'last'])
  })

  it('is not the last if somebody comes while it lingers', async () => {
    const { environment, leases, log } = setUp()
    leases.take()()
    await environment.advance(999)
    const release = leases.take()
    await environment.advance(5000)
    expect(log).toEqual(['first of 1'])
    release()
    await environment.advance(1000)
    expect(log).toEqual(['first of 1', 'last'])
  })

  it('ends once, however often it is released', async () => {
    const { environment, leases, log } = setUp()
    const release = leases.take()
    const other = leases.take()
    release()
    release()
    expect(leases.count).toBe(1)
    other()
    await environment.advance(900)
    release()
    await environment.advance(100)
    expect(log.at(-1)).toBe('last')
  })

  it('of no linger time still survives being replaced in the same task', async () => {
    const { environment, leases, log } = setUp(0)
    const release = leases.take()
    await environment.advance(0)
    release()
    leases.take()
    await environment.advance(10)
    expect(log).not.toContain('last')
  })

  it('with an endless linger time is never told', async () => {
    const { environment, leases, log } = setUp(Infinity)
    leases.take()()
    await environment.advance(1e9)
    expect(log).toEqual([])
    expect(environment.countTimers()).toBe(0)
  })
})
