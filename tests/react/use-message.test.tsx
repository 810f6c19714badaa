import { render, screen } from '@testing-library/react'
import {
  Activity,
  lazy,
  Profiler,
  StrictMode,
  Suspense,
  useState,
  version,
  type ReactElement,
} from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useMessage, WebSocketProvider, type UseMessageOptions } from 'wirehook'
import type { FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status } from './displays'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { hydrate } from './hydrate'
import { countUp, openSocket, receiveInOneTask, watchHeld, type Message } from './live'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()

interface ListenerProps extends UseMessageOptions<Message> {
  readonly onMessage: (message: Message) => void
}

function Listener({ onMessage, ...options }: ListenerProps): ReactElement {
  useMessage<Message>(onMessage, options)
  return <p>listening</p>
}

const a1 = { type: 'a', n: 1 }
const a2 = { type: 'a', n: 2 }
const b1 = { type: 'b', n: 1 }

function createLive() {
  const environment = createActedEnvironment()
  const connection = createConnection<Message>(nextUrl(), { environment })
  const heard: Message[] = []
  const onMessage = (message: Message): void => void heard.push(message)
  return { environment, connection, heard, onMessage }
}

function receive(environment: FakeEnvironment, ...messages: unknown[]): void {
  for (const message of messages) environment.newestSocket().receive(message)
}

describe('the listener', () => {
  it('hears each message once, in order, and at once', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    render(
      <StrictMode>
        <Listener source={connection} onMessage={onMessage} />
      </StrictMode>,
    )
    await openSocket(environment)
    const messages = countUp(10)
    for (const message of messages) {
      receive(environment, message)
      expect(heard.at(-1)).toEqual(message)
    }
    expect(heard).toEqual(messages)
  })

  it('hears a thousand messages of one task, and nothing renders', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const onRender = vi.fn()
    render(
      <Profiler id="listener" onRender={onRender}>
        <Listener source={connection} onMessage={onMessage} />
      </Profiler>,
    )
    await openSocket(environment)
    receiveInOneTask(environment, countUp(1000))
    expect(heard).toEqual(countUp(1000))
    await environment.advance(1000)
    expect(onRender).toHaveBeenCalledTimes(1)
  })

  it('is not delayed by the schedule of the connection', async () => {
    const { environment, heard, onMessage } = createLive()
    const connection = createConnection<Message>(nextUrl(), { environment, schedule: 60_000 })
    render(<Listener source={connection} onMessage={onMessage} />)
    await openSocket(environment)
    receive(environment, a1, a2)
    expect(heard).toEqual([a1, a2])
  })

  it('is the one of the newest render', async () => {
    const { environment, connection } = createLive()
    const [first, second] = [vi.fn(), vi.fn()]
    const page = render(<Listener source={connection} onMessage={first} />)
    await openSocket(environment)
    receive(environment, a1)
    page.rerender(<Listener source={connection} onMessage={second} />)
    receive(environment, a2)
    expect(first.mock.calls).toEqual([[a1]])
    expect(second.mock.calls).toEqual([[a2]])
  })

  it('keeps its registration when it is a new function on every render', async () => {
    const { environment, connection: inner, onMessage } = createLive()
    const connection = { ...inner, on: vi.fn(inner.on) } as typeof inner
    const withNewListener = () => (
      <Listener source={connection} onMessage={(message) => onMessage(message)} />
    )
    const page = render(withNewListener())
    await openSocket(environment)
    page.rerender(withNewListener())
    page.rerender(withNewListener())
    expect(connection.on).toHaveBeenCalledTimes(1)
  })

  it('may set state, which then is all that renders', async () => {
    const { environment, connection } = createLive()
    function Toasts(): ReactElement {
      const [texts, setTexts] = useState<string[]>([])
      useMessage<Message>(({ type, n }) => setTexts((before) => [...before, `${type}${n}`]), {
        source: connection,
      })
      return <p data-testid="toasts">{texts.join()}</p>
    }
    render(<Toasts />)
    await openSocket(environment)
    receiveInOneTask(environment, [a1, b1, a2])
    expect(screen.getByTestId('toasts')).toHaveTextContent('a1,b1,a2')
  })

  it('that throws stops neither others nor the socket, and is reported', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const problem = new Error('listener')
    const onBroken = (): never => {
      throw problem
    }
    render(
      <>
        <Listener source={connection} onMessage={onBroken} />
        <Listener source={connection} onMessage={onMessage} />
      </>,
    )
    await openSocket(environment)
    receive(environment, a1, a2)
    expect(heard).toEqual([a1, a2])
    expect(environment.reportedErrors).toEqual([problem, problem])
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(connection.getSnapshot().status).toBe('open')
  })

  it('does not hear what came before it was mounted', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    render(<Status source={connection} />)
    await openSocket(environment)
    receive(environment, a1)
    render(<Listener source={connection} onMessage={onMessage} />)
    receive(environment, a2)
    expect(heard).toEqual([a2])
  })

  it('hears nothing any more once it is unmounted, and leaves nothing', async () => {
    const { environment, connection: inner, heard, onMessage } = createLive()
    const { connection, held } = watchHeld(inner)
    const page = render(
      <StrictMode>
        <Listener source={connection} topic="a" onMessage={onMessage} />
      </StrictMode>,
    )
    const socket = await openSocket(environment)
    expect(held.size).toBe(2)
    page.unmount()
    expect(held.size).toBe(0)
    receive(environment, a1)
    await environment.advance(1000)
    expect(heard).toEqual([])
    expect(socket.closedBy).toMatchObject({ code: 1000 })
  })
})

describe('filters', () => {
  const isFirst = ({ n }: Message): boolean => n === 1

  it.each<[string, UseMessageOptions<Message>, Message[]]>([
    ['none', {}, [a1, b1, a2]],
    ['topic', { topic: 'a' }, [a1, a2]],
    ['type', { type: 'b' }, [b1]],
    ['where', { where: isFirst }, [a1, b1]],
    ['topic and where', { topic: 'a', where: isFirst }, [a1]],
    ['type and where', { type: 'a', where: isFirst }, [a1]],
    ['topic and type that exclude each other', { topic: 'a', type: 'b' }, []],
  ])('leave what fits: %s', async (_, options, expected) => {
    const { environment, connection, heard, onMessage } = createLive()
    render(<Listener source={connection} onMessage={onMessage} {...options} />)
    await openSocket(environment)
    receive(environment, a1, b1, a2)
    expect(heard).toEqual(expected)
  })

  it('by topic and type both count when topicOf gives other topics than types', async () => {
    const { environment, heard, onMessage } = createLive()
    const topicOf = ({ n }: Message): number => n
    const connection = createConnection<Message>(nextUrl(), { environment, topicOf })
    render(<Listener source={connection} topic={1} type="a" onMessage={onMessage} />)
    await openSocket(environment)
    receive(environment, a1, b1, a2)
    expect(heard).toEqual([a1])
  })

  it('may change from render to render', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const withOptions = (options: UseMessageOptions<Message>) => (
      <Listener source={connection} onMessage={onMessage} {...options} />
    )
    const page = render(withOptions({ topic: 'a' }))
    await openSocket(environment)
    page.rerender(withOptions({ topic: 'b' }))
    receive(environment, a1, b1)
    expect(heard).toEqual([b1])
    page.rerender(withOptions({ type: 'a' }))
    receive(environment, a1, b1)
    expect(heard).toEqual([b1, a1])
    page.rerender(withOptions({ where: ({ n }) => n === 2 }))
    receive(environment, a1, a2)
    expect(heard).toEqual([b1, a1, a2])
    page.rerender(withOptions({ where: isFirst }))
    receive(environment, a2, b1)
    expect(heard).toEqual([b1, a1, a2, b1])
  })

  it('a where that throws is reported, and the message is left out', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const where = ({ n }: Message): boolean => {
      if (n === 1) throw new Error('where')
      return true
    }
    render(<Listener source={connection} where={where} onMessage={onMessage} />)
    await openSocket(environment)
    receive(environment, a1, a2)
    expect(heard).toEqual([a2])
    expect(environment.reportedErrors).toHaveLength(1)
  })
})

describe('the source', () => {
  it.each<[string, (environment: FakeEnvironment, listener: ListenerProps) => ReactElement]>([
    [
      'a URL',
      (environment, listener) => (
        <WebSocketProvider environment={environment}>
          <Listener {...listener} source="wss://live.test/listened" />
        </WebSocketProvider>
      ),
    ],
    [
      'the URL of the provider',
      (environment, listener) => (
        <WebSocketProvider environment={environment} url="wss://live.test/listened">
          <Listener {...listener} />
        </WebSocketProvider>
      ),
    ],
  ])('may be %s', async (_, toElement) => {
    const { environment, heard, onMessage } = createLive()
    render(toElement(environment, { onMessage }))
    await openSocket(environment)
    receive(environment, a1)
    expect(heard).toEqual([a1])
    expect(environment.newestSocket().url).toBe('wss://live.test/listened')
  })

  it('that changes is followed, and the old one is left', async () => {
    const [from, to] = [createLive(), createLive()]
    const { heard, onMessage } = from
    const page = render(<Listener source={from.connection} onMessage={onMessage} />)
    const oldSocket = await openSocket(from.environment)
    page.rerender(<Listener source={to.connection} onMessage={onMessage} />)
    await openSocket(to.environment)
    oldSocket.receive(a1)
    receive(to.environment, b1)
    expect(heard).toEqual([b1])
    await from.environment.advance(1000)
    expect(oldSocket.closedBy).toMatchObject({ code: 1000 })
  })

  it('null hears nothing and opens nothing', async () => {
    const { environment, connection, onMessage } = createLive()
    render(
      <WebSocketProvider connection={connection}>
        <Listener source={null} onMessage={onMessage} />
      </WebSocketProvider>,
    )
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(0)
  })

  it('that is missing is an error which names the hook', () => {
    muteCaughtErrors()
    render(
      <ErrorBoundary>
        <Listener onMessage={() => {}} />
      </ErrorBoundary>,
    )
    takePrinted()
    expect(screen.getByRole('alert')).toHaveTextContent('missing-source')
    expect(screen.getByRole('alert')).toHaveTextContent('useMessage')
  })
})

it('a server calls no listener and opens nothing', async () => {
  const { environment, connection, heard, onMessage } = createLive()
  expect(renderToString(<Listener source={connection} onMessage={onMessage} />)).toContain('listen')
  await environment.advance(1000)
  expect(environment.sockets).toHaveLength(0)
  expect(heard).toEqual([])
})

it('hydration starts to listen', async () => {
  const { environment, connection, heard, onMessage } = createLive()
  const { onRecoverableError } = await hydrate(
    <Listener source={connection} onMessage={onMessage} />,
  )
  await openSocket(environment)
  receive(environment, a1)
  expect(heard).toEqual([a1])
  expect(onRecoverableError).not.toHaveBeenCalled()
})

describe('Suspense', () => {
  const Never = lazy(() => new Promise<never>(() => {}))

  it('listens on behind a fallback', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const withSibling = (sibling: ReactElement | null) => (
      <Suspense fallback="loading">
        <Listener source={connection} onMessage={onMessage} />
        {sibling}
      </Suspense>
    )
    const page = render(withSibling(null))
    await openSocket(environment)
    page.rerender(withSibling(<Never />))
    receive(environment, a1)
    expect(heard).toEqual([a1])
  })

  it('does not listen in a first render that is thrown away', async () => {
    const { environment, connection: inner, onMessage } = createLive()
    const { connection, held } = watchHeld(inner)
    render(
      <Suspense fallback="loading">
        <Listener source={connection} onMessage={onMessage} />
        <Never />
      </Suspense>,
    )
    await environment.advance(1000)
    expect(held.size).toBe(0)
    expect(environment.sockets).toHaveLength(0)
  })
})

describe.skipIf(version.startsWith('18.'))('<Activity>', () => {
  it('that is hidden hears nothing, and each message again when it is shown', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const withMode = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <Listener source={connection} onMessage={onMessage} />
      </Activity>
    )
    const page = render(withMode('visible'))
    await openSocket(environment)
    page.rerender(withMode('hidden'))
    receive(environment, a1)
    page.rerender(withMode('visible'))
    receive(environment, a2)
    expect(heard).toEqual([a2])
    expect(environment.sockets).toHaveLength(1)
  })

  it('hears with the listener that came while it was hidden', async () => {
    const { environment, connection, heard, onMessage } = createLive()
    const hearOld = vi.fn()
    const withMode = (mode: 'visible' | 'hidden', listener: ListenerProps['onMessage']) => (
      <Activity mode={mode}>
        <Listener source={connection} onMessage={listener} />
      </Activity>
    )
    const page = render(withMode('visible', hearOld))
    await openSocket(environment)
    page.rerender(withMode('hidden', onMessage))
    page.rerender(withMode('visible', onMessage))
    receive(environment, a1)
    expect(heard).toEqual([a1])
    expect(hearOld).not.toHaveBeenCalled()
  })
})

it('a listener finds the connection as it is after the message', async () => {
  const { environment, connection } = createLive()
  const found: unknown[] = []
  function Reading(): null {
    useMessage<Message>(() => void found.push(connection.getLastMessage()), { source: connection })
    return null
  }
  render(<Reading />)
  await openSocket(environment)
  receive(environment, a1, a2)
  expect(found).toEqual([a1, a2])
})
