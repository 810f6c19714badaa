import { act, render, screen } from '@testing-library/react'
import { memo, Profiler, useEffect, useLayoutEffect, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useWebSocket, type Connection, type WebSocketView } from 'wirehook'
import type { FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status, ViewHolder } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

const thousand = Array.from({ length: 1000 }, (_, index) => index)

async function openSocket(environment: FakeEnvironment): Promise<void> {
  await environment.advance(0)
  await environment.newestSocket().open()
}

/** Reads what the test says. */
function Reader({
  url,
  environment,
  read,
}: {
  url: string
  environment: FakeEnvironment
  read: (view: WebSocketView) => unknown
}) {
  const view = useWebSocket(url, { environment })
  return <p data-testid="read">{String(read(view))}</p>
}

describe('a component renders only for the fields it reads', () => {
  it('status only: not once for 1,000 messages', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    render(
      <Profiler id="status" onRender={onRender}>
        <Status source={nextUrl()} options={{ environment }} />
      </Profiler>,
    )
    await openSocket(environment)
    onRender.mockClear()
    for (const message of thousand) environment.newestSocket().receive(message)
    expect(onRender).not.toHaveBeenCalled()
  })

  it('status only: once for a new status', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    render(
      <Profiler id="status" onRender={onRender}>
        <Status source={nextUrl()} options={{ environment }} />
      </Profiler>,
    )
    await environment.advance(0)
    onRender.mockClear()
    await environment.newestSocket().open()
    expect(onRender).toHaveBeenCalledTimes(1)
    environment.newestSocket().cut()
    expect(onRender).toHaveBeenCalledTimes(2)
    // The attempts fail one after the other, and the status stays what it is.
    await environment.advance(1000)
    environment.newestSocket().cut()
    await environment.advance(2000)
    environment.newestSocket().cut()
    expect(environment.sockets).toHaveLength(3)
    expect(screen.getByTestId('status')).toHaveTextContent('reconnecting')
    expect(onRender).toHaveBeenCalledTimes(2)
  })

  it('lastMessage only: once for each message, and not for the status', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    render(
      <Profiler id="message" onRender={onRender}>
        <LastMessage source={nextUrl()} options={{ environment }} />
      </Profiler>,
    )
    await openSocket(environment)
    expect(onRender).toHaveBeenCalledTimes(1)
    environment.newestSocket().receive('a')
    environment.newestSocket().receive('b')
    expect(onRender).toHaveBeenCalledTimes(3)
    environment.newestSocket().cut()
    expect(onRender).toHaveBeenCalledTimes(3)
  })

  it('functions only: never again', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    function Sender({ url }: { url: string }) {
      const { send, sendJSON, reconnect, close } = useWebSocket(url, { environment })
      const callAll = (): void => {
        send('')
        sendJSON('')
        reconnect()
        close()
      }
      return <button type="button" onClick={callAll} />
    }
    render(
      <Profiler id="sender" onRender={onRender}>
        <Sender url={nextUrl()} />
      </Profiler>,
    )
    await openSocket(environment)
    environment.newestSocket().receive('message')
    environment.newestSocket().cut()
    await environment.advance(2000)
    expect(onRender).toHaveBeenCalledTimes(1)
  })

  it('the state only: so it does not listen to messages', async () => {
    const environment = createActedEnvironment()
    const inner = createConnection(nextUrl(), { environment })
    const connection = { ...inner, on: vi.fn(inner.on) } satisfies Connection
    const page = render(<Status source={connection} />)
    await openSocket(environment)
    expect(connection.on).not.toHaveBeenCalled()
    page.rerender(<LastMessage source={connection} />)
    expect(connection.on.mock.calls.map(([name]) => name)).toEqual(['message'])
  })

  it('nothing at all: never again', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    render(
      <Profiler id="nothing" onRender={onRender}>
        <ViewHolder source={nextUrl()} options={{ environment }} onView={() => {}} />
      </Profiler>,
    )
    await openSocket(environment)
    environment.newestSocket().receive('message')
    environment.newestSocket().cut()
    expect(onRender).toHaveBeenCalledTimes(1)
  })

  it('one field of the state: for no other', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    render(
      <Profiler id="retryAt" onRender={onRender}>
        <Reader url={nextUrl()} environment={environment} read={(view) => view.retryAt} />
      </Profiler>,
    )
    await openSocket(environment)
    expect(onRender).toHaveBeenCalledTimes(1)
    environment.newestSocket().cut()
    expect(onRender).toHaveBeenCalledTimes(2)
    expect(screen.getByTestId('read')).toHaveTextContent(String(environment.now() + 275))
  })

  it('a spread view: for every one', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const seen: unknown[] = []
    function Spreader() {
      const view = useWebSocket(url, { environment })
      const copy = { ...view }
      const text = JSON.stringify([copy.status, copy.lastMessage, copy.queued, copy.attempt])
      return <p data-testid="copy">{text}</p>
    }
    render(
      <>
        <Spreader />
        <ViewHolder
          source={url}
          options={{ environment }}
          onView={(view) => void seen.push(view.sendJSON('queued'))}
        />
      </>,
    )
    await environment.advance(0)
    expect(screen.getByTestId('copy')).toHaveTextContent('["connecting",null,1,0]')
    await environment.newestSocket().open()
    expect(screen.getByTestId('copy')).toHaveTextContent('["open",null,0,0]')
    environment.newestSocket().receive('hello')
    expect(screen.getByTestId('copy')).toHaveTextContent('["open","hello",0,0]')
    environment.newestSocket().cut()
    expect(screen.getByTestId('copy')).toHaveTextContent('["reconnecting","hello",0,1]')
    expect(seen).toEqual(['queued'])
  })
})

describe('a field that is read for the first time later', () => {
  it('shows its fresh value and is tracked from then on', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Curious({ isShown }: { isShown: boolean }) {
      const view = useWebSocket<string>(url, { environment })
      return <p data-testid="curious">{isShown ? view.lastMessage : view.status}</p>
    }
    const page = render(<Curious isShown={false} />)
    await openSocket(environment)
    environment.newestSocket().receive('first')
    environment.newestSocket().receive('second')
    page.rerender(<Curious isShown />)
    expect(screen.getByTestId('curious')).toHaveTextContent('second')
    environment.newestSocket().receive('third')
    expect(screen.getByTestId('curious')).toHaveTextContent('third')
    page.rerender(<Curious isShown={false} />)
    environment.newestSocket().cut()
    expect(screen.getByTestId('curious')).toHaveTextContent('reconnecting')
  })

  it('is fresh and tracked when the state of the component makes it read', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Toggled() {
      const [isShown, setIsShown] = useState(false)
      const view = useWebSocket<string>(url, { environment })
      return (
        <button type="button" onClick={() => setIsShown(true)}>
          {isShown ? (view.lastMessage ?? 'none') : 'hidden'}
        </button>
      )
    }
    render(<Toggled />)
    await openSocket(environment)
    environment.newestSocket().receive('before')
    act(() => screen.getByRole('button').click())
    expect(screen.getByRole('button')).toHaveTextContent('before')
    environment.newestSocket().receive('after')
    expect(screen.getByRole('button')).toHaveTextContent('after')
  })

  it('is fresh and tracked in a child that got the view', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const Child = memo(function Child({ view }: { view: WebSocketView<string> }) {
      const [isShown, setIsShown] = useState(false)
      return (
        <button type="button" onClick={() => setIsShown(true)}>
          {isShown ? (view.lastMessage ?? 'none') : 'hidden'}
        </button>
      )
    })
    function Parent() {
      const view = useWebSocket<string>(url, { environment })
      return <Child view={view} />
    }
    render(<Parent />)
    await openSocket(environment)
    environment.newestSocket().receive('before')
    act(() => screen.getByRole('button').click())
    expect(screen.getByRole('button')).toHaveTextContent('before')
    await environment.advance(0)
    environment.newestSocket().receive('after')
    expect(screen.getByRole('button')).toHaveTextContent('after')
  })

  it('is tracked when only an effect reads it', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onMessage = vi.fn()
    function Effectful({ onNew }: { onNew: (message: string | undefined) => void }) {
      const { lastMessage } = useWebSocket<string>(url, { environment })
      useEffect(() => onNew(lastMessage), [lastMessage, onNew])
      return null
    }
    render(<Effectful onNew={onMessage} />)
    await openSocket(environment)
    for (const message of ['a', 'b', 'c']) environment.newestSocket().receive(message)
    expect(onMessage.mock.calls).toEqual([[undefined], ['a'], ['b'], ['c']])
  })
})

describe('the view', () => {
  async function collectViews(read: (view: WebSocketView) => unknown) {
    const environment = createActedEnvironment()
    const connection = createConnection(nextUrl(), { environment })
    const views: WebSocketView[] = []
    function Collector({ onCommit }: { onCommit: (view: WebSocketView) => void }) {
      const view = useWebSocket(connection)
      useLayoutEffect(() => onCommit(view))
      return <p>{String(read(view))}</p>
    }
    const onCommit = (view: WebSocketView): void => void views.push(view)
    const page = render(<Collector onCommit={onCommit} />)
    await openSocket(environment)
    return { environment, views, rerender: () => page.rerender(<Collector onCommit={onCommit} />) }
  }

  it('is a new one when a field that was read has changed', async () => {
    const { environment, views } = await collectViews((view) => view.lastMessage)
    const before = views.length
    environment.newestSocket().receive('a')
    environment.newestSocket().receive('b')
    expect(views).toHaveLength(before + 2)
    expect(new Set(views).size).toBe(views.length)
  })

  it('is the same one when other fields have changed, and when the component renders', async () => {
    const { environment, views, rerender } = await collectViews((view) => view.status)
    const newest = views.at(-1)
    environment.newestSocket().receive('a')
    rerender()
    environment.newestSocket().receive('b')
    rerender()
    expect(views.at(-1)).toBe(newest)
  })

  it('keeps the fields that were read as they were when it is replaced', async () => {
    const { environment, views } = await collectViews((view) => view.lastMessage)
    environment.newestSocket().receive('a')
    const old = views.at(-1)
    environment.newestSocket().receive('b')
    expect(old?.lastMessage).toBe('a')
    expect(views.at(-1)?.lastMessage).toBe('b')
  })

  it('has the same functions in every render', async () => {
    const { environment, views } = await collectViews(
      ({ status, lastMessage }) => `${status} ${String(lastMessage)}`,
    )
    environment.newestSocket().receive('a')
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(new Set(views).size).toBeGreaterThan(3)
    for (const name of ['send', 'sendJSON', 'reconnect', 'close'] as const) {
      expect(new Set(views.map((view) => view[name])).size).toBe(1)
    }
  })
})

describe('1,000 messages in one task', () => {
  it('reach onMessage once each and in order, without a render', async () => {
    const environment = createActedEnvironment()
    const onRender = vi.fn()
    const received: unknown[] = []
    render(
      <Profiler id="listener" onRender={onRender}>
        <Status
          source={nextUrl()}
          options={{ environment, onMessage: (message) => received.push(message) }}
        />
      </Profiler>,
    )
    await openSocket(environment)
    onRender.mockClear()
    act(() => thousand.forEach((message) => environment.newestSocket().receive(message)))
    expect(received).toEqual(thousand)
    expect(onRender).not.toHaveBeenCalled()
  })

  it('leave the newest one shown', async () => {
    const environment = createActedEnvironment()
    render(<LastMessage source={nextUrl()} options={{ environment }} />)
    await openSocket(environment)
    act(() => thousand.forEach((message) => environment.newestSocket().receive(message)))
    expect(screen.getByTestId('message')).toHaveTextContent('999')
  })
})
