import { act, render, screen } from '@testing-library/react'
import { useState, type ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import {
  createConnection,
  getConnection,
  useWebSocket,
  WebSocketProvider,
  type Connection,
  type WebSocketView,
} from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status, ViewHolder } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

function urlsOf(environment: { sockets: readonly { url: string }[] }): string[] {
  return environment.sockets.map(({ url }) => url)
}

describe('the source of a provider', () => {
  it('is the URL of the hooks below that name none', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment}>
        <Status />
        <LastMessage />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('hello')
    expect(urlsOf(environment)).toEqual([url])
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(screen.getByTestId('message')).toHaveTextContent('hello')
  })

  it('may be a URL object', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={new URL(url)} environment={environment}>
        <Status />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url])
  })

  it('may be a connection, which wins over a URL', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const connection = createConnection(url, { environment })
    const onView = vi.fn<(view: WebSocketView) => void>()
    render(
      <WebSocketProvider url={nextUrl()} connection={connection} environment={environment}>
        <ViewHolder onView={onView} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url])
    expect(onView.mock.lastCall?.[0].connection).toBe(connection)
  })

  it('is left alone by a hook that names another one, or none', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={nextUrl()} environment={environment}>
        <Status source={url} />
        <LastMessage source={null} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url])
  })

  it('is followed when it changes', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const withUrl = (url: string) => (
      <WebSocketProvider url={url} environment={environment}>
        <Status />
      </WebSocketProvider>
    )
    const page = render(withUrl(from))
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(withUrl(to))
    await environment.advance(1000)
    expect(urlsOf(environment)).toEqual([from, to])
    expect(environment.sockets[0]?.closedBy).toMatchObject({ code: 1000 })
  })
})

describe('the options of a provider', () => {
  it('count for every URL below', async () => {
    const environment = createActedEnvironment()
    const urls = [nextUrl(), nextUrl()]
    const page = render(
      <WebSocketProvider environment={environment} lingerMs={7000}>
        {urls.map((url) => (
          <Status key={url} source={url} />
        ))}
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual(urls)
    page.rerender(<WebSocketProvider environment={environment} lingerMs={7000} />)
    await environment.advance(6999)
    expect(environment.countLiveSockets()).toBe(2)
    await environment.advance(1)
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('give way to those of a hook, one by one', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider
        url={url}
        environment={environment}
        params={{ from: 'provider' }}
        protocols={['provider']}
      >
        <Status options={{ params: { from: 'hook' } }} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?from=hook`])
    expect(environment.newestSocket().protocols).toEqual(['provider'])
  })

  it('stand where a hook gives undefined', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment} params={{ from: 'provider' }}>
        <Status options={{ params: undefined }} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?from=provider`])
  })

  it('render no consumer when they are new, and the newest count on the next attempt', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onCommit = vi.fn()
    // A constant element: only the context of the provider could make it render.
    const consumer = <ViewHolder onView={onCommit} />
    const withToken = (token: string) => (
      <WebSocketProvider
        url={url}
        environment={environment}
        reconnect={{ minDelayMs: 100 }}
        params={() => ({ token })}
      >
        {consumer}
      </WebSocketProvider>
    )
    const page = render(withToken('old'))
    await environment.advance(0)
    await environment.newestSocket().open()
    onCommit.mockClear()
    page.rerender(withToken('newer'))
    page.rerender(withToken('newest'))
    expect(onCommit).not.toHaveBeenCalled()
    environment.newestSocket().cut()
    await environment.advance(100)
    expect(urlsOf(environment)).toEqual([`${url}?token=old`, `${url}?token=newest`])
  })

  it('see the newest state of the component that gives them', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function App(): ReactElement {
      const [token, setToken] = useState('anonymous')
      return (
        <WebSocketProvider url={url} environment={environment} params={() => ({ token })}>
          <button type="button" onClick={() => setToken('signed-in')}>
            Sign in
          </button>
          <Reconnector />
        </WebSocketProvider>
      )
    }
    function Reconnector(): ReactElement {
      const { reconnect } = useWebSocket()
      return (
        <button type="button" onClick={reconnect}>
          Reconnect
        </button>
      )
    }
    render(<App />)
    await environment.advance(0)
    await environment.newestSocket().open()
    act(() => screen.getByRole('button', { name: 'Sign in' }).click())
    act(() => screen.getByRole('button', { name: 'Reconnect' }).click())
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?token=anonymous`, `${url}?token=signed-in`])
  })
})

describe('the credentials of a provider with a URL', () => {
  const credentials = {
    params: { token: 'secret' },
    protocols: ['secret'],
    handshake: ({ send }: { send: (data: string) => void }) => send('secret'),
  }

  it('go to its own URL', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment} {...credentials}>
        <Status />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    const socket = environment.newestSocket()
    await socket.open()
    expect([socket.url, socket.protocols, socket.sent]).toEqual([
      `${url}?token=secret`,
      ['secret'],
      ['secret'],
    ])
  })

  it('go to no other URL, while its other options do', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={nextUrl()} environment={environment} {...credentials}>
        <Status source={url} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    const socket = environment.newestSocket()
    await socket.open()
    expect([socket.url, socket.protocols, socket.sent]).toEqual([url, [], []])
  })

  it('go to its own URL although a hook names it', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment} {...credentials}>
        <Status source={url} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?token=secret`])
  })

  it('go to its own URL although a hook spells it in another way', async () => {
    const environment = createActedEnvironment()
    const url = new URL('/own-url', location.href.replace('http:', 'ws:')).href
    render(
      <WebSocketProvider url="/own-url" environment={environment} {...credentials}>
        <Status source={url} />
        <LastMessage />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?token=secret`])
  })

  it('go to every URL if it has none of its own', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider environment={environment} params={{ token: 'for all' }}>
        <Status source={url} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?token=for+all`])
  })

  it('may be given by the hook itself', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={nextUrl()} environment={environment} {...credentials}>
        <Status source={url} options={{ params: { token: 'own' } }} />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?token=own`])
  })
})

describe('connections below providers', () => {
  it('are not shared by providers side by side', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <WebSocketProvider url={url} environment={environment}>
          <Status />
        </WebSocketProvider>
        <WebSocketProvider url={url} environment={environment}>
          <Status />
        </WebSocketProvider>
      </>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url, url])
  })

  it('are not shared with hooks outside', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <Status source={url} options={{ environment }} />
        <WebSocketProvider environment={environment}>
          <Status source={url} />
        </WebSocketProvider>
      </>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url, url])
  })

  it('are shared by a provider inside another one', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment}>
        <Status />
        <WebSocketProvider environment={environment}>
          <LastMessage source={url} />
        </WebSocketProvider>
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([url])
  })
})

describe('a provider inside another one', () => {
  it('replaces the source', async () => {
    const environment = createActedEnvironment()
    const [outer, inner] = [nextUrl(), nextUrl()]
    render(
      <WebSocketProvider url={outer} environment={environment}>
        <WebSocketProvider url={inner} environment={environment}>
          <Status />
        </WebSocketProvider>
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([inner])
  })

  it('replaces all options', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider environment={environment} protocols={['outer']} params={{ from: 'outer' }}>
        <WebSocketProvider environment={environment} params={{ from: 'inner' }}>
          <Status source={url} />
        </WebSocketProvider>
      </WebSocketProvider>,
    )
    await environment.advance(0)
    expect(urlsOf(environment)).toEqual([`${url}?from=inner`])
    expect(environment.newestSocket().protocols).toEqual([])
  })
})

describe('getConnection', () => {
  it('is the connection of hooks without a provider', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const outside: Connection = getConnection(url, { environment })
    const onMessage = vi.fn()
    outside.on('message', onMessage)
    const onView = vi.fn<(view: WebSocketView) => void>()
    render(<ViewHolder source={url} onView={onView} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('both')
    expect(environment.sockets).toHaveLength(1)
    expect(onView.mock.lastCall?.[0].connection).toBe(outside)
    expect(onMessage.mock.calls).toEqual([['both']])
  })

  it('is the connection of the same key', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const key = `${url} of its own`
    const outside = getConnection(url, { environment, key })
    const onView = vi.fn<(view: WebSocketView) => void>()
    render(<ViewHolder source={url} options={{ key }} onView={onView} />)
    await environment.advance(0)
    expect(onView.mock.lastCall?.[0].connection).toBe(outside)
    expect(getConnection(url, { environment })).not.toBe(outside)
  })

  it('stays the same connection when components come and go', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const outside = getConnection(url, { environment })
    const page = render(<Status source={url} />)
    await environment.advance(0)
    page.unmount()
    await environment.advance(60_000)
    render(<Status source={url} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(outside.getSnapshot().status).toBe('open')
    expect(getConnection(url)).toBe(outside)
  })
})
