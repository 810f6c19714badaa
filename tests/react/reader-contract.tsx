import { act, render, screen } from '@testing-library/react'
import {
  Activity,
  lazy,
  Profiler,
  startTransition,
  StrictMode,
  Suspense,
  useState,
  version,
  type ReactElement,
} from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, WebSocketProvider, type Connection, type Schedule } from 'wirehook'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status } from './displays'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { hydrate } from './hydrate'
import {
  countUp,
  openSocket,
  receiveAndDraw,
  receiveInOneTask,
  watchHeld,
  type Message,
} from './live'
import { write, type ReaderCase, type ReaderProps } from './readers'

const a1 = { type: 'a', n: 1 }
const a2 = { type: 'a', n: 2 }
const b1 = { type: 'b', n: 1 }

const Never = lazy(() => new Promise<never>(() => {}))

function createLive() {
  const environment = createActedEnvironment()
  return { environment, connection: createConnection<Message>(nextUrl(), { environment }) }
}

/** Brings up one socket, by a component that reads no messages. */
async function renderOpen(connection: Connection, environment: FakeEnvironment) {
  render(<Status source={connection} />)
  return openSocket(environment)
}

/** What every hook that shows messages does, in a file that keeps the console silent. */
export function describeReader(
  { hook, Reader, fold }: ReaderCase,
  takePrinted: () => string[],
): void {
  const readShown = (): string | null => screen.getByTestId('reader').textContent
  const expectShown = (...messages: Message[]): void =>
    expect(readShown()).toBe(write(fold(messages)))

  describe('messages', () => {
    it('are shown as they come', async () => {
      const { environment, connection } = createLive()
      render(<Reader source={connection} />)
      expectShown()
      await openSocket(environment)
      expectShown()
      await receiveAndDraw(environment, a1)
      expectShown(a1)
      await receiveAndDraw(environment, b1, a2)
      expectShown(a1, b1, a2)
    })

    it('of other topics are left out', async () => {
      const { environment, connection } = createLive()
      render(<Reader source={connection} topic="a" />)
      await openSocket(environment)
      await receiveAndDraw(environment, b1, a1, b1)
      expectShown(a1)
    })

    it('have the topic that topicOf gives them', async () => {
      const environment = createActedEnvironment()
      const topicOf = ({ n }: Message): number => n
      const connection = createConnection<Message>(nextUrl(), { environment, topicOf })
      render(<Reader source={connection} topic={1} />)
      await openSocket(environment)
      await receiveAndDraw(environment, a1, b1, a2)
      expectShown(a1, b1)
    })

    it('that come a thousand in one task are all there after two renders at most', async () => {
      const { environment, connection } = createLive()
      const onRender = vi.fn()
      render(
        <Profiler id="reader" onRender={onRender}>
          <Reader source={connection} />
        </Profiler>,
      )
      await openSocket(environment)
      onRender.mockClear()
      receiveInOneTask(environment, countUp(1000))
      await environment.advance(1000)
      expectShown(...countUp(1000))
      expect(onRender.mock.calls.length).toBeLessThanOrEqual(2)
    })

    it('go on to be shown over a lost link', async () => {
      const { environment, connection } = createLive()
      render(<Reader source={connection} />)
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      environment.newestSocket().cut()
      await environment.advance(1000)
      await environment.newestSocket().open()
      await receiveAndDraw(environment, a2)
      expectShown(a1, a2)
    })
  })

  describe('the source', () => {
    it.each<[string, (environment: FakeEnvironment, url: string) => ReactElement]>([
      [
        'a URL',
        (environment, url) => (
          <WebSocketProvider environment={environment}>
            <Reader source={url} />
          </WebSocketProvider>
        ),
      ],
      [
        'a URL object, new on every render',
        (environment, url) => (
          <WebSocketProvider environment={environment}>
            <Reader source={new URL(url)} />
          </WebSocketProvider>
        ),
      ],
      [
        'a URL that useWebSocket configures in the same commit',
        (environment, url) => (
          <>
            <Reader source={url} />
            <Status source={url} options={{ environment }} />
          </>
        ),
      ],
      [
        'the URL of the provider',
        (environment, url) => (
          <WebSocketProvider environment={environment} url={url}>
            <Reader />
          </WebSocketProvider>
        ),
      ],
    ])('may be %s', async (_, toElement) => {
      const environment = createActedEnvironment()
      const url = nextUrl()
      const page = render(toElement(environment, url))
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      page.rerender(toElement(environment, url))
      await receiveAndDraw(environment, a2)
      expectShown(a1, a2)
      expect(environment.sockets.map((socket) => socket.url)).toEqual([url])
    })

    it('may be the connection of the provider', async () => {
      const { environment, connection } = createLive()
      render(
        <WebSocketProvider connection={connection}>
          <Reader />
        </WebSocketProvider>,
      )
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      expectShown(a1)
    })

    it('null opens nothing and shows nothing, also below a provider', async () => {
      const { environment, connection } = createLive()
      render(
        <WebSocketProvider connection={connection}>
          <Reader source={null} />
        </WebSocketProvider>,
      )
      await environment.advance(60_000)
      expect(environment.sockets).toHaveLength(0)
      expectShown()
    })

    it('null gives up the connection after the linger time', async () => {
      const { environment, connection } = createLive()
      const page = render(<Reader source={connection} />)
      const socket = await openSocket(environment)
      await receiveAndDraw(environment, a1)
      page.rerender(<Reader source={null} />)
      expectShown()
      socket.receive(a2)
      await environment.advance(1000)
      expectShown()
      expect(socket.closedBy).toMatchObject({ code: 1000 })
    })

    it('that is missing is an error which names the hook', () => {
      muteCaughtErrors()
      render(
        <ErrorBoundary>
          <Reader />
        </ErrorBoundary>,
      )
      takePrinted()
      expect(screen.getByRole('alert')).toHaveTextContent('missing-source')
      expect(screen.getByRole('alert')).toHaveTextContent(hook)
    })
  })

  describe('another source', () => {
    it('shows nothing of the old one, in no commit', async () => {
      const [from, to] = [createLive(), createLive()]
      const commits: (string | null)[] = []
      const withSource = (source: Connection<Message>) => (
        <Profiler id="reader" onRender={() => void commits.push(readShown())}>
          <Reader source={source} />
        </Profiler>
      )
      const page = render(withSource(from.connection))
      const oldSocket = await openSocket(from.environment)
      await receiveAndDraw(from.environment, a1)
      commits.length = 0
      page.rerender(withSource(to.connection))
      oldSocket.receive(a2)
      await openSocket(to.environment)
      await receiveAndDraw(to.environment, b1)
      await from.environment.advance(frameMs)
      expect([...new Set(commits)]).toEqual([write(fold([])), write(fold([b1]))])
    })

    it('is followed while a message of the old one waits for its frame', async () => {
      const [from, to] = [createLive(), createLive()]
      const page = render(<Reader source={from.connection} schedule="frame" />)
      const oldSocket = await openSocket(from.environment)
      oldSocket.receive(a1)
      page.rerender(<Reader source={to.connection} schedule="frame" />)
      await from.environment.advance(frameMs)
      expectShown()
    })
  })

  it('another topic starts again', async () => {
    const { environment, connection } = createLive()
    const page = render(<Reader source={connection} topic="a" />)
    await openSocket(environment)
    await receiveAndDraw(environment, a1)
    page.rerender(<Reader source={connection} topic="b" />)
    expectShown()
    await receiveAndDraw(environment, a2, b1)
    expectShown(b1)
    expect(environment.sockets).toHaveLength(1)
  })

  it('a parent that renders changes nothing', async () => {
    const { environment, connection } = createLive()
    const page = render(<Reader source={connection} topic="a" />)
    await openSocket(environment)
    await receiveAndDraw(environment, a1)
    page.rerender(<Reader source={connection} topic="a" />)
    expectShown(a1)
    await receiveAndDraw(environment, a2)
    expectShown(a1, a2)
  })

  describe('StrictMode', () => {
    it('takes in each message once, over one socket', async () => {
      const { environment, connection } = createLive()
      render(
        <StrictMode>
          <Reader source={connection} />
        </StrictMode>,
      )
      await openSocket(environment)
      await receiveAndDraw(environment, a1, a2, b1)
      expectShown(a1, a2, b1)
      expect(environment.sockets).toHaveLength(1)
    })
  })

  describe('unmounting', () => {
    it.each<[Schedule]>([['auto'], ['sync'], ['frame'], [60_000]])(
      'leaves no listener, lease, timer or frame with the schedule %s',
      async (schedule) => {
        const { environment, connection: inner } = createLive()
        const { connection, held } = watchHeld(inner)
        const page = render(
          <StrictMode>
            <Reader source={connection} topic="a" schedule={schedule} />
          </StrictMode>,
        )
        await openSocket(environment)
        expect(held.size).toBe(2)
        receiveInOneTask(environment, countUp(3))
        page.unmount()
        expect(held.size).toBe(0)
        const onlyLinger = 1
        expect(environment.countTimers()).toBe(onlyLinger)
        await environment.advance(1000)
        expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
      },
    )
  })

  describe.skipIf(version.startsWith('18.'))('<Activity>', () => {
    type Mode = 'visible' | 'hidden'
    const withMode = (mode: Mode, props: ReaderProps): ReactElement => (
      <Activity mode={mode}>
        <Reader {...props} />
      </Activity>
    )

    it('that is hidden from the start opens nothing until it is shown', async () => {
      const { environment, connection } = createLive()
      const page = render(withMode('hidden', { source: connection }))
      await environment.advance(60_000)
      expect(environment.sockets).toHaveLength(0)
      page.rerender(withMode('visible', { source: connection }))
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      expectShown(a1)
    })

    it('that is hidden adds nothing, and goes on from there when it is shown', async () => {
      const { environment, connection: inner } = createLive()
      await renderOpen(inner, environment)
      const { connection, held } = watchHeld(inner)
      const page = render(withMode('visible', { source: connection }))
      await receiveAndDraw(environment, a1)
      page.rerender(withMode('hidden', { source: connection }))
      expect(held.size).toBe(0)
      await receiveAndDraw(environment, a2)
      page.rerender(withMode('visible', { source: connection }))
      expect(held.size).toBe(2)
      await receiveAndDraw(environment, b1)
      expectShown(a1, b1)
    })

    it('that is hidden before a message was shown shows it later', async () => {
      const { environment, connection } = createLive()
      const page = render(withMode('visible', { source: connection, schedule: 60_000 }))
      await openSocket(environment)
      await receiveAndDraw(environment, a1, a2)
      expectShown(a1)
      page.rerender(withMode('hidden', { source: connection, schedule: 60_000 }))
      page.rerender(withMode('visible', { source: connection, schedule: 60_000 }))
      expectShown(a1, a2)
    })

    it('that is hidden gives up its connection after the linger time', async () => {
      const { environment, connection } = createLive()
      const page = render(withMode('visible', { source: connection }))
      const socket = await openSocket(environment)
      page.rerender(withMode('hidden', { source: connection }))
      await environment.advance(1000)
      expect(socket.closedBy).toMatchObject({ code: 1000 })
    })
  })

  describe('Suspense', () => {
    it('reads on behind a fallback', async () => {
      const { environment, connection } = createLive()
      const withSibling = (sibling: ReactElement | null): ReactElement => (
        <Suspense fallback={<p>loading</p>}>
          <Reader source={connection} />
          {sibling}
        </Suspense>
      )
      const page = render(withSibling(null))
      await openSocket(environment)
      page.rerender(withSibling(<Never />))
      expect(screen.getByText('loading')).toBeInTheDocument()
      await receiveAndDraw(environment, a1, a2)
      page.rerender(withSibling(null))
      expectShown(a1, a2)
      expect(environment.sockets).toHaveLength(1)
    })

    it('leaves nothing of a first render that is thrown away', async () => {
      const { environment, connection: inner } = createLive()
      const { connection, held } = watchHeld(inner)
      const page = render(
        <Suspense fallback="loading">
          <Reader source={connection} />
          <Never />
        </Suspense>,
      )
      await environment.advance(1000)
      expect(held.size).toBe(0)
      page.unmount()
      await environment.advance(1000)
      expect(environment.sockets).toHaveLength(0)
      expect(environment.countTimers()).toBe(0)
    })

    it('goes on with the old topic while a transition to another one waits', async () => {
      const { environment, connection: inner } = createLive()
      const { connection, held } = watchHeld(inner)
      function Page(): ReactElement {
        const [topic, setTopic] = useState('a')
        return (
          <Suspense fallback="loading">
            <button type="button" onClick={() => startTransition(() => setTopic('b'))} />
            <Reader source={connection} topic={topic} />
            {topic === 'b' && <Never />}
          </Suspense>
        )
      }
      render(<Page />)
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      act(() => screen.getByRole('button').click())
      await receiveAndDraw(environment, b1)
      expectShown(a1)
      await receiveAndDraw(environment, a2)
      expectShown(a1, a2)
      expect(held.size).toBe(2)
    })
  })

  describe('hydration', () => {
    it('begins with the markup of the server and then goes live', async () => {
      const { environment, connection } = createLive()
      const { container, onRecoverableError } = await hydrate(
        <StrictMode>
          <Reader source={connection} />
        </StrictMode>,
      )
      expectShown()
      await openSocket(environment)
      await receiveAndDraw(environment, a1)
      expect(container).toHaveTextContent(write(fold([a1])))
      expect(onRecoverableError).not.toHaveBeenCalled()
    })

    it('renders once', async () => {
      const { connection } = createLive()
      const onRender = vi.fn()
      await hydrate(
        <Profiler id="reader" onRender={onRender}>
          <Reader source={connection} />
        </Profiler>,
      )
      expect(onRender).toHaveBeenCalledTimes(1)
    })
  })

  it('a server renders nothing of a connection that is in use', async () => {
    const { environment, connection } = createLive()
    await renderOpen(connection, environment)
    await receiveAndDraw(environment, a1)
    const before = environment.countTimers()
    const container = document.createElement('div')
    container.innerHTML = renderToString(<Reader source={connection} topic="a" />)
    expect(container.textContent).toBe(write(fold([])))
    expect(environment.countTimers()).toBe(before)
  })
}
