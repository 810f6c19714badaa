import { act } from '@testing-library/react'
import { expect, onTestFinished } from 'vitest'
import { createFakeEnvironment, type FakeEnvironment } from '../fake-environment'

let urlCount = 0

/** A URL of its own for each test, because all tests of a file share the page's connections. */
export function nextUrl(): string {
  urlCount += 1
  return `wss://live.test/${urlCount}`
}

/** Longer than any linger time in these tests. */
const allLeftMs = 10_000

/**
 * A fake environment that shows in the document at once what happened in it. When the test is over
 * and its components are gone, nothing may be left of what they used.
 */
export function createActedEnvironment(): FakeEnvironment {
  const environment = createFakeEnvironment({
    baseUrl: location.href,
    act: (work) => act(work as () => Promise<void>),
  })
  onTestFinished(async () => {
    await environment.advance(allLeftMs)
    expect({
      sockets: environment.countLiveSockets(),
      timers: environment.countTimers(),
      pageWatchers: environment.countPageWatchers(),
    }).toEqual({ sockets: 0, timers: 0, pageWatchers: 0 })
  })
  return environment
}
