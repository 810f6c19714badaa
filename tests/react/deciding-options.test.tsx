import { render, screen } from '@testing-library/react'
import { lazy, Suspense, type ReactElement, type ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { getConnection, useWebSocket, WebSocketProvider, type UseWebSocketOptions } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status, ViewHolder } from './displays'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()

interface NestedProps {
  url: string
  options?: UseWebSocketOptions
  children?: ReactNode
}

/** Effects run child first, so the children of this one come before it. */
function Parent({ url, options, children }: NestedProps): ReactElement {
  const { status } = useWebSocket(url, options)
  return <div title={status}>{children}</div>
}

describe('R14: who decides the options of a shared connection', () => {
  it('a parent that gives options does, although its child without options comes first', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <Parent url={url} options={{ environment, params: { token: 'parent' } }}>
        <Status source={url} />
      </Parent>,
    )
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([`${url}?token=parent`])
  })

  it('one that gives options later does, from the next attempt on, if nobody gave any', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const withLater = (later: ReactElement | null) => (
      <WebSocketProvider environment={environment}>
        <Status source={url} />
        {later}
      </WebSocketProvider>
    )
    const page = render(withLater(null))
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(withLater(<Status source={url} options={{ params: { token: 'later' } }} />))
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url, `${url}?token=later`])
  })

  it('the first one who gave options does, and a later one hears about it', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(<Status source={url} options={{ environment, params: { token: 'first' } }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    render(<Status source={url} options={{ environment, params: { token: 'later' } }} />)
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.newestSocket().url).toBe(`${url}?token=first`)
    expect(takePrinted()).toEqual([expect.stringContaining('different options: params.')])
  })

  it('another user does when the one who decided has left', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const first = render(<Status source={url} options={{ environment, lingerMs: 1 }} />)
    // It reads nothing, so it does not render again and ask anew.
    render(
      <ViewHolder
        source={url}
        options={{ environment, params: { token: 'heir' } }}
        onView={() => {}}
      />,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(takePrinted()).toHaveLength(1)
    first.unmount()
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.newestSocket().url).toBe(`${url}?token=heir`)
  })

  it('getConnection does when it is asked first', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const connection = getConnection(url, { environment, params: { token: 'outside' } })
    render(<Status source={url} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.newestSocket().url).toBe(`${url}?token=outside`)
    expect(connection.getSnapshot().status).toBe('open')
  })
})

describe('R14: the warning about different options', () => {
  async function renderBoth(
    first: UseWebSocketOptions,
    second: UseWebSocketOptions,
    url = nextUrl(),
  ): Promise<string[]> {
    const environment = createActedEnvironment()
    render(<Status source={url} options={{ ...first, environment }} />)
    render(<Status source={url} options={{ ...second, environment }} />)
    await environment.advance(0)
    return takePrinted()
  }

  it('names the URL and every option that differs', async () => {
    const url = nextUrl()
    const [warning, ...others] = await renderBoth(
      { lingerMs: 1, connectTimeoutMs: 5, queue: false },
      { lingerMs: 2, connectTimeoutMs: 5, heartbeat: {} },
      url,
    )
    expect(warning).toContain(`[wirehook] ${url}`)
    expect(warning).toMatch(/: lingerMs, queue, heartbeat\./)
    expect(others).toEqual([])
  })

  it('comes for options given in the same commit, too', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <Parent url={url} options={{ environment, lingerMs: 2 }}>
        <Status source={url} options={{ environment, lingerMs: 1 }} />
      </Parent>,
    )
    await environment.advance(0)
    expect(takePrinted()).toEqual([expect.stringContaining('lingerMs')])
  })

  it('comes once, however many components and renders there are', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const all = (
      <>
        <Status source={url} options={{ environment, lingerMs: 1 }} />
        <Status source={url} options={{ environment, lingerMs: 2 }} />
        <Status source={url} options={{ environment, lingerMs: 2 }} />
      </>
    )
    const page = render(all)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<div>{all}</div>)
    await environment.advance(0)
    expect(takePrinted()).toHaveLength(1)
  })

  it('shows neither the query nor the values', async () => {
    const url = `${nextUrl().replace('//', '//user:password@')}?ticket=query-secret`
    const [warning] = await renderBoth(
      { params: { token: 'first-secret' } },
      { params: { token: 'second-secret' } },
      url,
    )
    expect(warning).toContain('params')
    expect(warning).not.toMatch(/secret|password/)
  })

  it('shows no subprotocol, for some carry a token', async () => {
    const protocols = ['chat', 'token.secret']
    const [warning] = await renderBoth({ protocols, lingerMs: 1 }, { protocols, lingerMs: 2 })
    expect(warning).toContain('lingerMs')
    expect(warning).not.toContain('secret')
  })

  it.each<[string, UseWebSocketOptions, UseWebSocketOptions]>([
    ['equal options', { reconnect: { factor: 3 } }, { reconnect: { factor: 3 } }],
    [
      'functions made anew',
      { params: () => ({ a: 1 }), codec: { encode: String, decode: String } },
      { params: () => ({ a: 1 }), codec: { encode: String, decode: String } },
    ],
    ['callbacks', { onMessage() {} }, { onClose() {} }],
    ['one subprotocol as text and in a list', { protocols: 'chat' }, { protocols: ['chat'] }],
    ['an option left out and undefined', { lingerMs: undefined }, {}],
  ])('does not come for %s', async (_, first, second) => {
    expect(await renderBoth(first, second)).toEqual([])
  })

  it('does not come when one hook changes its own options', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={url} options={{ environment, lingerMs: 1 }} />)
    await environment.advance(0)
    page.rerender(<Status source={url} options={{ environment, lingerMs: 2 }} />)
    await environment.advance(0)
    expect(takePrinted()).toEqual([])
  })

  it('does not come in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const printed = await renderBoth({ lingerMs: 1 }, { lingerMs: 2 })
    vi.unstubAllEnvs()
    expect(printed).toEqual([])
  })

  it('takes options that refer to themselves', async () => {
    const logger = { debug() {}, parent: null as unknown }
    logger.parent = logger
    expect(await renderBoth({ logger }, { logger })).toEqual([])
  })
})

describe('R14: a render that React throws away', () => {
  const Never = lazy(() => new Promise<never>(() => {}))

  function Suspended({ url, options }: NestedProps): ReactElement {
    const { status } = useWebSocket(url, options)
    return (
      <>
        {status}
        <Never />
      </>
    )
  }

  function Broken({ url, options }: NestedProps): ReactElement {
    const { status } = useWebSocket(url, options)
    if (status === 'idle') throw new Error('broken')
    return <p>{status}</p>
  }

  it.each([
    ['suspends and never goes on', Suspended, 'waiting'],
    ['throws', Broken, 'broken'],
  ])('because it %s opens nothing and leaves nothing', async (_, Thrown, shown) => {
    muteCaughtErrors()
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <ErrorBoundary>
        <Suspense fallback="waiting">
          <Thrown url={url} options={{ environment, params: { token: 'thrown' } }} />
        </Suspense>
      </ErrorBoundary>,
    )
    await environment.advance(60_000)
    expect(screen.getByText(shown)).toBeInTheDocument()
    expect(environment.sockets).toHaveLength(0)
    expect(environment.countTimers()).toBe(0)
    expect(environment.countPageWatchers()).toBe(0)
    // React prints what a boundary has caught.
    takePrinted()

    render(<Status source={url} options={{ environment, params: { token: 'kept' } }} />)
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?token=kept`)
  })
})
