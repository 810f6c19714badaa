import { act } from '@testing-library/react'
import { expect, onTestFinished, vi } from 'vitest'
import { createFakeEnvironment, type FakeEnvironment } from '../fake-environment'

let urlCount = 0

/** A URL of its own for each test, because all tests of a file share the page's connections. */
export function nextUrl(): string {
  urlCount += 1
  return `wss://live.test/${urlCount}`
}

/** Longer than anything lingers. */
const allLeftMs = 10_000

/**
 * A page whose sockets, clock and dice are fakes, for code that takes them from the globals. It ends
 * with the running test, when nothing may be left of what was used.
 */
export function openPageOfFakes(): FakeEnvironment {
  const environment = createFakeEnvironment({
    baseUrl: location.href,
    act: (work) => act(work as () => Promise<void>),
  })
  replaceGlobals(environment)
  onTestFinished(async () => {
    await environment.advance(allLeftMs)
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    expect({
      sockets: environment.countLiveSockets(),
      timers: environment.countTimers(),
    }).toEqual({ sockets: 0, timers: 0 })
  })
  return environment
}

function replaceGlobals({ createSocket, setTimer, now, random }: FakeEnvironment): void {
  const cancels: (() => void)[] = []

  function WebSocket(url: string | URL, protocols: string[] = []) {
    return createSocket(String(url), protocols)
  }
  vi.stubGlobal('WebSocket', Object.assign(WebSocket, { OPEN: 1 }))
  vi.stubGlobal(
    'setTimeout',
    (callback: () => void, delayMs = 0) => cancels.push(setTimer(callback, delayMs)) - 1,
  )
  vi.stubGlobal('clearTimeout', (timer: number) => cancels[timer]?.())
  vi.spyOn(Date, 'now').mockImplementation(now)
  vi.spyOn(Math, 'random').mockImplementation(random)
}
