import { render, screen } from '@testing-library/react'
import { useLayoutEffect } from 'react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createConnection, useWebSocket, type WebSocketView } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status, ViewHolder } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

// The package is not compiled when it is shipped. If it were, the compiler would keep the address that
// the page had first, for it takes it for a constant.
const isCompiled = process.env.WIREHOOK_COMPILED !== undefined

describe('a relative URL', () => {
  it.skipIf(isCompiled)(
    'is one connection for all, also after the address of the page has changed',
    () => {
      const environment = createActedEnvironment()
      const views: WebSocketView[] = []
      const before = location.pathname
      onTestFinished(() => history.replaceState(null, '', before))
      const show = (ids: string[]) =>
        ids.map((id) => (
          <ViewHolder
            key={id}
            source="live"
            options={{ environment }}
            onView={(view) => void (views[Number(id)] = view)}
          />
        ))
      history.replaceState(null, '', '/a/')
      const page = render(<>{show(['0'])}</>)
      history.replaceState(null, '', '/b/')
      page.rerender(<>{show(['0', '1'])}</>)
      expect(views[0]?.connection).not.toBeNull()
      expect(views[1]?.connection).toBe(views[0]?.connection)
    },
  )
})

describe('another URL', () => {
  it('opens a socket for the new URL and closes the old one after the linger time', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const page = render(<Status source={from} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={to} options={{ environment }} />)
    await environment.advance(0)
    const [oldSocket, newSocket] = environment.sockets
    expect(newSocket?.url).toBe(to)
    expect(screen.getByTestId('status')).toHaveTextContent('connecting')
    expect(oldSocket?.closedBy).toBeNull()
    await environment.advance(1000)
    expect(oldSocket?.closedBy).toMatchObject({ code: 1000 })
    expect(newSocket?.closedBy).toBeNull()
  })

  it('shows no message of the old URL, in no commit', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const commits: string[] = []
    function Committed({ source }: { source: string }) {
      const { lastMessage } = useWebSocket<string>(source, { environment })
      useLayoutEffect(() => {
        commits.push(`${source} ${lastMessage ?? 'nothing'}`)
      })
      return null
    }
    const page = render(<Committed source={from} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('old')
    commits.length = 0
    page.rerender(<Committed source={to} />)
    await environment.advance(0)
    environment.sockets[0]?.receive('late')
    await environment.newestSocket().open()
    environment.newestSocket().receive('new')
    expect(new Set(commits)).toEqual(new Set([`${to} nothing`, `${to} new`]))
  })

  it('gives no message of the old URL to onMessage', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const onMessage = vi.fn()
    const page = render(<Status source={from} options={{ environment, onMessage }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={to} options={{ environment, onMessage }} />)
    await environment.advance(0)
    environment.sockets[0]?.receive('late')
    expect(onMessage).not.toHaveBeenCalled()
  })

  it('does not get what was queued for the old one', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const views: WebSocketView[] = []
    const onView = (view: WebSocketView): void => void views.push(view)
    const page = render(<ViewHolder source={from} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    expect(views.at(-1)?.sendJSON('for the old one')).toBe('queued')
    page.rerender(<ViewHolder source={to} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    views.at(-1)?.sendJSON('for the new one')
    await environment.newestSocket().open()
    expect(environment.newestSocket().url).toBe(to)
    expect(environment.newestSocket().sentJSON()).toEqual(['for the new one'])
  })

  it('leaves with the old one what an old function sends', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const views: WebSocketView[] = []
    const onView = (view: WebSocketView): void => void views.push(view)
    const page = render(<ViewHolder source={from} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<ViewHolder source={to} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    views[0]?.sendJSON('for the old one')
    expect(environment.sockets.map((socket) => socket.sentJSON())).toEqual([
      ['for the old one'],
      [],
    ])
  })

  it('is followed under one key, too', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    const key = `of its own since ${from}`
    const page = render(<Status source={from} options={{ environment, key }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={to} options={{ environment, key }} />)
    await environment.advance(0)
    expect(environment.sockets.map(({ url }) => url)).toEqual([from, to])
  })

  it('may be one that another component uses already', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    render(<Status source={to} options={{ environment }} />)
    const page = render(<LastMessage source={from} options={{ environment }} />)
    await environment.advance(0)
    await environment.sockets[0]?.open()
    environment.sockets[0]?.receive('known')
    page.rerender(<LastMessage source={to} options={{ environment }} />)
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    expect(screen.getByTestId('message')).toHaveTextContent('known')
  })
})

describe('a connection made with createConnection', () => {
  it('opens when a component uses it, and serves all that do', async () => {
    const environment = createActedEnvironment()
    const prices = createConnection(nextUrl(), { environment })
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(0)
    render(
      <>
        <Status source={prices} />
        <LastMessage source={prices} />
      </>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive(191)
    expect(environment.sockets).toHaveLength(1)
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(screen.getByTestId('message')).toHaveTextContent('191')
  })

  it('is left by the component that unmounts', async () => {
    const environment = createActedEnvironment()
    const prices = createConnection(nextUrl(), { environment })
    const page = render(<Status source={prices} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.unmount()
    await environment.advance(1000)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
    expect(prices.getSnapshot().status).toBe('idle')
  })

  it('is not the one that the same URL shares', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const own = createConnection(url, { environment })
    render(
      <>
        <Status source={own} />
        <Status source={url} options={{ environment }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
  })

  it('is the connection of the view', async () => {
    const environment = createActedEnvironment()
    const prices = createConnection(nextUrl(), { environment })
    const onView = vi.fn<(view: WebSocketView) => void>()
    render(<ViewHolder source={prices} onView={onView} />)
    await environment.advance(0)
    expect(onView.mock.lastCall?.[0].connection).toBe(prices)
  })

  it('gives way to a URL, and the other way round', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const prices = createConnection(nextUrl(), { environment })
    const page = render(<LastMessage source={prices} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('from the connection')
    page.rerender(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(0)
    expect(screen.getByTestId('message')).toBeEmptyDOMElement()
    await environment.newestSocket().open()
    environment.newestSocket().receive('from the URL')
    expect(screen.getByTestId('message')).toHaveTextContent('from the URL')
    page.rerender(<LastMessage source={prices} />)
    expect(screen.getByTestId('message')).toHaveTextContent('from the connection')
  })
})

describe('the connection of the view', () => {
  it('is null before the first commit and the shared connection afterwards', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const seen: boolean[] = []
    function ConnectionReader({ onRead }: { onRead: (hasConnection: boolean) => void }) {
      const { connection } = useWebSocket(url, { environment })
      useLayoutEffect(() => onRead(connection !== null), [connection, onRead])
      return null
    }
    render(<ConnectionReader onRead={(hasConnection) => void seen.push(hasConnection)} />)
    await environment.advance(0)
    expect(seen).toEqual([false, true])
  })

  it('is null without a source', () => {
    const onView = vi.fn<(view: WebSocketView) => void>()
    render(<ViewHolder source={null} onView={onView} />)
    expect(onView.mock.lastCall?.[0].connection).toBeNull()
  })
})
