// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { hooksUnderTest } from './hooks-under-test'

afterEach(() => vi.unstubAllGlobals())

it.each(hooksUnderTest)('on a server, $name is idle and asks for nothing', ({ Display }) => {
  const globals = ['WebSocket', 'setTimeout'].map((name) => {
    const stub = vi.fn()
    vi.stubGlobal(name, stub)
    return stub
  })
  const markup = renderToString(<Display url="wss://live.test/" />)
  expect(markup.replace(/<[^>]*>/g, '')).toBe('idle')
  expect(typeof document).toBe('undefined')
  for (const stub of globals) expect(stub).not.toHaveBeenCalled()
})

it('importing the recipe touches nothing', async () => {
  vi.resetModules()
  const stub = vi.fn()
  for (const name of ['WebSocket', 'setTimeout']) vi.stubGlobal(name, stub)
  await import('../../docs/recipes/use-web-socket')
  expect(stub).not.toHaveBeenCalled()
})
