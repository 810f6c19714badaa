import { act, render, screen } from '@testing-library/react'
import {
  Activity,
  lazy,
  startTransition,
  Suspense,
  useDeferredValue,
  useLayoutEffect,
  useState,
  version,
  type ReactElement,
} from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useWebSocket } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

describe.skipIf(version.startsWith('18.'))('<Activity>', { tags: ['fault-74'] }, () => {
  async function renderActivity(mode: 'visible' | 'hidden', lingerMs = 1000) {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onMessage = vi.fn()
    const withMode = (newMode: typeof mode) => (
      <Activity mode={newMode}>
        <LastMessage source={url} options={{ environment, lingerMs, onMessage }} />
      </Activity>
    )
    const page = render(withMode(mode))
    await environment.advance(0)
    return {
      environment,
      onMessage,
      setMode: (newMode: typeof mode) => page.rerender(withMode(newMode)),
    }
  }

  it('that is hidden from the start opens nothing until it is shown', async () => {
    const { environment, setMode } = await renderActivity('hidden')
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(0)
    setMode('visible')
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(1)
  })

  it('that is hidden gives up its connection after the linger time', async () => {
    const { environment, setMode } = await renderActivity('visible')
    await environment.newestSocket().open()
    setMode('hidden')
    await environment.advance(999)
    expect(environment.newestSocket().closedBy).toBeNull()
    await environment.advance(1)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('that is shown again within the linger time keeps the socket and shows the newest message', async () => {
    const { environment, setMode } = await renderActivity('visible')
    await environment.newestSocket().open()
    environment.newestSocket().receive('before')
    setMode('hidden')
    environment.newestSocket().receive('meanwhile')
    await environment.advance(500)
    setMode('visible')
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('message')).toHaveTextContent('meanwhile')
  })

  it('that is shown again after the linger time starts over', async () => {
    const { environment, setMode } = await renderActivity('visible')
    await environment.newestSocket().open()
    environment.newestSocket().receive('before')
    setMode('hidden')
    await environment.advance(1000)
    setMode('visible')
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    await environment.newestSocket().open()
    environment.newestSocket().receive('after')
    expect(screen.getByTestId('message')).toHaveTextContent('after')
  })

  it('that is hidden hears no message, and each one again when it is shown', async () => {
    const { environment, onMessage, setMode } = await renderActivity('visible')
    await environment.newestSocket().open()
    setMode('hidden')
    environment.newestSocket().receive('hidden')
    setMode('visible')
    environment.newestSocket().receive('shown')
    expect(onMessage.mock.calls).toEqual([['shown']])
  })
})

describe('Suspense', { tags: ['fault-74'] }, () => {
  const Never = lazy(() => new Promise<never>(() => {}))

  it('keeps the socket of a component that a fallback hides', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onMessage = vi.fn()
    const withSibling = (sibling: ReactElement | null) => (
      <Suspense fallback={<p>loading</p>}>
        <Status source={url} options={{ environment, onMessage }} />
        {sibling}
      </Suspense>
    )
    const page = render(withSibling(null))
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(withSibling(<Never />))
    expect(screen.getByText('loading')).toBeInTheDocument()
    await environment.advance(60_000)
    environment.newestSocket().receive('still here')
    expect(onMessage.mock.calls).toEqual([['still here']])
    page.rerender(withSibling(null))
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })

  it('opens one socket for a component that had to wait for its first render', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    let load = (): void => {}
    const Late = lazy(
      () =>
        new Promise<{ default: typeof Status }>((resolve) => {
          load = () => resolve({ default: Status })
        }),
    )
    render(
      <Suspense fallback="loading">
        <LastMessage source={url} options={{ environment }} />
        <Late source={url} options={{ environment }} />
      </Suspense>,
    )
    await environment.advance(1000)
    expect(environment.sockets).toHaveLength(0)
    load()
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.sockets).toHaveLength(1)
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })
})

describe('a transition', () => {
  it('shows one value in all components, though a message comes while it renders', async () => {
    const environment = createActedEnvironment()
    const connection = createConnection<number>(nextUrl(), { environment })
    const commits: string[] = []
    let interrupt = (): void => {}

    function Value({ id }: { id: string }): ReactElement {
      const { lastMessage } = useWebSocket(connection)
      return <span id={id}>{lastMessage}</span>
    }
    /** Lets something happen between the renders of its neighbours. */
    function Interruption({ onRender }: { onRender: () => void }): null {
      onRender()
      return null
    }
    function Page({ onCommit }: { onCommit: (text: string) => void }): ReactElement {
      const [isShown, setIsShown] = useState(false)
      useLayoutEffect(() => {
        const read = (id: string) => document.getElementById(id)?.textContent
        if (isShown) onCommit(`${read('first')} ${read('second')}`)
      })
      return (
        <>
          <button type="button" onClick={() => startTransition(() => setIsShown(true))} />
          {isShown && (
            <>
              <Value id="first" />
              <Interruption onRender={() => interrupt()} />
              <Value id="second" />
            </>
          )}
        </>
      )
    }
    render(
      <>
        <Page onCommit={(text) => void commits.push(text)} />
        <Status source={connection} />
      </>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive(1)
    const onMessage = environment.newestSocket().onmessage
    interrupt = vi.fn(() => {
      interrupt = () => {}
      onMessage?.({ data: '2' } as never)
    })
    act(() => screen.getByRole('button').click())
    expect(commits).toEqual(['2 2'])
  })

  it('to another URL keeps the old socket until the new screen is shown', async () => {
    const environment = createActedEnvironment()
    const [from, to] = [nextUrl(), nextUrl()]
    let load = (): void => {}
    const Content = lazy(
      () =>
        new Promise<{ default: () => null }>((resolve) => {
          load = () => resolve({ default: () => null })
        }),
    )
    function Screen(): ReactElement {
      const [url, setUrl] = useState(from)
      const { status } = useWebSocket(url, { environment })
      return (
        <Suspense fallback="loading">
          <button type="button" onClick={() => startTransition(() => setUrl(to))}>
            {status}
          </button>
          {url === to && <Content />}
        </Suspense>
      )
    }
    render(<Screen />)
    await environment.advance(0)
    await environment.newestSocket().open()
    act(() => screen.getByRole('button').click())
    await environment.advance(5000)
    expect(environment.sockets.map(({ url }) => url)).toEqual([from])
    expect(environment.newestSocket().closedBy).toBeNull()
    load()
    await environment.advance(0)
    expect(environment.sockets.map(({ url }) => url)).toEqual([from, to])
    await environment.advance(1000)
    expect(environment.sockets[0]?.closedBy).toMatchObject({ code: 1000 })
  })
})

it('a deferred value follows the newest message', async () => {
  const environment = createActedEnvironment()
  const url = nextUrl()
  function Deferred(): ReactElement {
    const { lastMessage } = useWebSocket<string>(url, { environment })
    const deferred = useDeferredValue(lastMessage)
    return <output>{deferred}</output>
  }
  render(<Deferred />)
  await environment.advance(0)
  await environment.newestSocket().open()
  act(() => ['a', 'b', 'c'].forEach((message) => environment.newestSocket().receive(message)))
  expect(screen.getByRole('status')).toHaveTextContent('c')
})
