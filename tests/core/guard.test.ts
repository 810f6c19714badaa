import { expect, it } from 'vitest'
import { guard } from '../../src/core/guard'
import { createFakeEnvironment } from '../fake-environment'

it('gives what the work gives', () => {
  const environment = createFakeEnvironment()
  expect(guard(environment, () => 7)).toBe(7)
  expect(environment.reportedErrors).toEqual([])
})

it('reports what the work throws and goes on without a result', () => {
  const environment = createFakeEnvironment()
  const error = new Error('work')
  expect(
    guard(environment, () => {
      throw error
    }),
  ).toBeUndefined()
  expect(environment.reportedErrors).toEqual([error])
})
