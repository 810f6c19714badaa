// @vitest-environment node
import { StrictMode, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createConnection, useWebSocket, WebSocketProvider } from 'wirehook'
import { createFakeEnvironment } from '../fake-environment'
import { LastMessage, Status } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()
afterEach(() => vi.unstubAllGlobals())

/** Returns the assertion that nothing global has been called since. */
function watchGlobals(): () => void {
  const stubs = ['WebSocket', 'setTimeout', 'setInterval', 'addEventListener'].map((name) => {
    const stub = vi.fn()
    vi.stubGlobal(name, stub)
    return stub
  })
  const spies = [vi.spyOn(Math, 'random'), vi.spyOn(Date, 'now')]
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()))
  return () => {
    for (const called of [...stubs, ...spies]) expect(called).not.toHaveBeenCalled()
  }
}

/** Every field of a view, and the names of its functions. */
function Everything({ url }: { url: string }): ReactElement {
  const view = useWebSocket(url)
  const text = JSON.stringify(view, (_, value: unknown) =>
    typeof value === 'function' ? 'function' : value,
  )
  return <pre>{text}</pre>
}

function textOf(markup: string): string {
  return markup.replace(/<[^>]*>/g, '').replaceAll('&quot;', '"')
}

describe('on a server', { tags: ['fault-77'] }, () => {
  it('there is no page', () => {
    expect(typeof document).toBe('undefined')
  })

  it('the status is idle and there is no message', () => {
    const markup = renderToString(
      <StrictMode>
        <Status source="wss://live.test/" />
        <LastMessage source="wss://live.test/" />
      </StrictMode>,
    )
    expect(textOf(markup)).toBe('idle')
  })

  it('the view is complete', () => {
    expect(JSON.parse(textOf(renderToString(<Everything url="wss://live.test/" />)))).toEqual({
      status: 'idle',
      attempt: 0,
      retryAt: null,
      pausedBy: null,
      lastClose: null,
      error: null,
      latencyMs: null,
      queued: 0,
      invalidMessages: 0,
      connection: null,
      send: 'function',
      sendJSON: 'function',
      request: 'function',
      reconnect: 'function',
      close: 'function',
    })
  })

  it('a relative URL and a provider are fine', () => {
    const markup = renderToString(
      <WebSocketProvider url="/live" params={() => ({ token: 'secret' })}>
        <Status />
        <Status source="/other" options={{ onMessage() {} }} />
      </WebSocketProvider>,
    )
    expect(textOf(markup)).toBe('idleidle')
  })

  it('a connection in use elsewhere is rendered as idle, as the browser will begin', async () => {
    const environment = createFakeEnvironment()
    const connection = createConnection('wss://live.test/', { environment })
    const release = connection.lease()
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('private to somebody else')
    const markup = renderToString(
      <>
        <Status source={connection} />
        <LastMessage source={connection} />
      </>,
    )
    release()
    await environment.advance(1000)
    expect(textOf(markup)).toBe('idle')
  })

  it('nothing opens, and no clock, timer, dice or page is asked', async () => {
    const environment = createFakeEnvironment()
    const asked: string[] = []
    const watched = new Proxy(environment, {
      get(target, name: keyof typeof environment) {
        asked.push(name)
        return target[name]
      },
      ownKeys(target) {
        asked.push('all')
        return Reflect.ownKeys(target)
      },
    })
    const expectUntouched = watchGlobals()
    renderToString(
      <WebSocketProvider url="/live" environment={watched}>
        <Status options={{ environment: watched, onMessage() {} }} />
        <LastMessage source="wss://live.test/" options={{ environment: watched }} />
      </WebSocketProvider>,
    )
    await Promise.resolve()
    expectUntouched()
    expect(asked).toEqual([])
  })

  it('the error of a hook without a source is thrown', () => {
    expect(() => renderToString(<Status />)).toThrow(
      expect.objectContaining({ code: 'missing-source' }),
    )
  })
})

it('importing the package touches nothing', { tags: ['fault-77'] }, async () => {
  vi.resetModules()
  const expectUntouched = watchGlobals()
  await import('wirehook')
  expectUntouched()
})
