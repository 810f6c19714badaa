import { expect, it } from 'vitest'
import { createTimer } from '../../src/core/timer'
import { createFakeEnvironment } from '../fake-environment'

function setUp() {
  const environment = createFakeEnvironment()
  const start = environment.now()
  const fired: string[] = []
  const timer = createTimer(environment)
  const set = (name: string, inMs: number): void =>
    timer.set(start + inMs, () => fired.push(`${name} ${environment.now() - start}`))
  return { environment, timer, set, fired }
}

it('fires at its time, once', async () => {
  const { environment, set, fired } = setUp()
  set('a', 100)
  await environment.advance(99)
  expect(fired).toEqual([])
  await environment.advance(1000)
  expect(fired).toEqual(['a 100'])
})

it('forgets the alarm before', async () => {
  const { environment, set, fired } = setUp()
  set('a', 100)
  set('b', 50)
  expect(environment.countTimers()).toBe(1)
  await environment.advance(1000)
  expect(fired).toEqual(['b 50'])
})

it('fires soon for a time that is past', async () => {
  const { environment, set, fired } = setUp()
  await environment.advance(500)
  set('a', 100)
  expect(fired).toEqual([])
  await environment.advance(0)
  expect(fired).toEqual(['a 500'])
})

it('never fires at Infinity, and forgets the alarm before it', async () => {
  const { environment, set, fired } = setUp()
  set('a', 100)
  set('b', Infinity)
  expect(environment.countTimers()).toBe(0)
  await environment.advance(1e9)
  expect(fired).toEqual([])
})

it('can be stopped, more than once, and set again', async () => {
  const { environment, timer, set, fired } = setUp()
  timer.stop()
  set('a', 100)
  timer.stop()
  timer.stop()
  expect(environment.countTimers()).toBe(0)
  set('b', 200)
  await environment.advance(1000)
  expect(fired).toEqual(['b 200'])
})
