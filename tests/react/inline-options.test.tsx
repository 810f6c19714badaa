import { render, screen } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useWebSocket, type Connection } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

const times = [1, 2, 3, 4, 5]

describe('options and callbacks that are new on every render', () => {
  it('keep the socket', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Inline({ render: number }: { render: number }) {
      const { status } = useWebSocket(url, {
        environment,
        reconnect: { maxAttempts: 3 },
        protocols: ['chat'],
        params: () => ({ render: number }),
        onMessage: () => {},
      })
      return <p>{`${status} ${number}`}</p>
    }
    const page = render(<Inline render={0} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    for (const number of times) page.rerender(<Inline render={number} />)
    await environment.advance(5000)
    expect(screen.getByText('open 5')).toBeInTheDocument()
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
  })

  it('keep the socket of a URL object that is new on every render', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={new URL(url)} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    for (const _ of times) {
      page.rerender(<Status source={new URL(url)} options={{ environment }} />)
    }
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })

  it('do not subscribe again', async () => {
    const environment = createActedEnvironment()
    const inner = createConnection(nextUrl(), { environment })
    const connection = {
      ...inner,
      on: vi.fn(inner.on),
      subscribe: vi.fn(inner.subscribe),
      lease: vi.fn(inner.lease),
    } satisfies Connection
    const page = render(<Status source={connection} options={{ onMessage: () => {} }} />)
    await environment.advance(0)
    for (const _ of times) {
      page.rerender(<Status source={connection} options={{ onMessage: () => {} }} />)
    }
    await environment.advance(0)
    expect(connection.on).toHaveBeenCalledTimes(1)
    expect(connection.subscribe).toHaveBeenCalledTimes(1)
    expect(connection.lease).toHaveBeenCalledTimes(1)
  })

  it('call the newest callback', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const [first, second] = [vi.fn(), vi.fn()]
    const page = render(<Status source={url} options={{ environment, onMessage: first }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive(1)
    page.rerender(<Status source={url} options={{ environment, onMessage: second }} />)
    environment.newestSocket().receive(2)
    expect(first.mock.calls).toEqual([[1]])
    expect(second.mock.calls).toEqual([[2]])
  })

  it('show the newest state to a callback', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const seen: number[] = []
    function Counter({ onCount }: { onCount: (count: number) => void }) {
      const [count, setCount] = useState(0)
      useWebSocket(url, {
        environment,
        onMessage() {
          onCount(count)
          setCount(count + 1)
        },
      })
      return <p>{count}</p>
    }
    render(<Counter onCount={(count) => seen.push(count)} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    for (const message of times) environment.newestSocket().receive(message)
    expect(seen).toEqual([0, 1, 2, 3, 4])
  })

  it('ask the newest params on the next attempt', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const withToken = (token: string) => (
      <Status source={url} options={{ environment, params: () => ({ token }) }} />
    )
    const page = render(withToken('old'))
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(withToken('new'))
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([
      `${url}?token=old`,
      `${url}?token=new`,
    ])
  })

  it('count from the next attempt on when their values change', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={url} options={{ environment, reconnect: false }} />)
    environment.newestSocket().cut()
    await environment.advance(60_000)
    expect(screen.getByTestId('status')).toHaveTextContent('failed')
    expect(environment.sockets).toHaveLength(1)
  })

  it('use a callback that was not given at first', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onMessage = vi.fn()
    const page = render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('before')
    page.rerender(<Status source={url} options={{ environment, onMessage }} />)
    environment.newestSocket().receive('after')
    page.rerender(<Status source={url} options={{ environment }} />)
    environment.newestSocket().receive('removed')
    expect(onMessage.mock.calls).toEqual([['after']])
  })
})
