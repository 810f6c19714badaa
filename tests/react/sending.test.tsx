import { act, render, screen } from '@testing-library/react'
import { useEffect, useLayoutEffect, type ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { useWebSocket, type UseWebSocketOptions, type WebSocketView } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status, ViewHolder } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

async function mountView(options: UseWebSocketOptions = {}, source: string | null = nextUrl()) {
  const environment = createActedEnvironment()
  const onView = vi.fn<(view: WebSocketView) => void>()
  const page = render(
    <ViewHolder source={source} options={{ environment, ...options }} onView={onView} />,
  )
  await environment.advance(0)
  return {
    environment,
    page,
    get view() {
      const view = onView.mock.lastCall?.[0]
      if (!view) throw new Error('Nothing is mounted.')
      return view
    },
  }
}

describe('sending', () => {
  it('goes out at once while the connection is open', async () => {
    const { environment, view } = await mountView()
    await environment.newestSocket().open()
    expect(view.send('as it is')).toBe('sent')
    expect(view.sendJSON({ a: 1 })).toBe('sent')
    expect(environment.newestSocket().sent).toEqual(['as it is', '{"a":1}'])
  })

  it('waits while nothing is open, and goes out in order', async () => {
    const { environment, view } = await mountView()
    expect([1, 2, 3].map((value) => view.sendJSON(value))).toEqual(['queued', 'queued', 'queued'])
    await environment.newestSocket().open()
    expect(environment.newestSocket().sentJSON()).toEqual([1, 2, 3])
  })

  it('waits for the next socket after a loss', async () => {
    const { environment, view } = await mountView()
    await environment.newestSocket().open()
    environment.newestSocket().cut()
    expect(view.sendJSON('kept')).toBe('queued')
    await environment.advance(1000)
    await environment.newestSocket().open()
    expect(environment.newestSocket().sentJSON()).toEqual(['kept'])
  })

  it('encodes at once, so a later change has no effect', async () => {
    const { environment, view } = await mountView()
    const value = { count: 1 }
    view.sendJSON(value)
    value.count = 2
    await environment.newestSocket().open()
    expect(environment.newestSocket().sentJSON()).toEqual([{ count: 1 }])
  })

  it('throws for what cannot be encoded', async () => {
    const { view } = await mountView()
    expect(() => view.sendJSON(1n)).toThrow(expect.objectContaining({ code: 'encode-failed' }))
  })

  it('drops without a queue, and without a connection', async () => {
    const { view } = await mountView({ queue: false })
    expect(view.send('nowhere')).toBe('dropped')
    const unconnected = await mountView({}, null)
    expect(unconnected.view.send('nowhere')).toBe('dropped')
    expect(unconnected.view.sendJSON('nowhere')).toBe('dropped')
  })

  it('may be done in the first effects of a component', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Subscriber() {
      const { sendJSON } = useWebSocket(url, { environment })
      useLayoutEffect(() => void sendJSON('in a layout effect'), [sendJSON])
      useEffect(() => void sendJSON('in an effect'), [sendJSON])
      return null
    }
    render(<Subscriber />)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().sentJSON()).toEqual(['in a layout effect', 'in an effect'])
  })

  it('may be done from a callback', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Greeter() {
      const { sendJSON } = useWebSocket(url, {
        environment,
        onOpen: () => sendJSON('hello'),
        onMessage: (message) => sendJSON({ answer: message }),
      })
      return null
    }
    render(<Greeter />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('question')
    expect(environment.newestSocket().sentJSON()).toEqual(['hello', { answer: 'question' }])
  })

  it('shows in queued how many messages wait', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Waiting(): ReactElement {
      const { queued, sendJSON } = useWebSocket(url, { environment })
      return (
        <button type="button" onClick={() => sendJSON('message')}>
          {queued} waiting
        </button>
      )
    }
    render(<Waiting />)
    await environment.advance(0)
    expect(screen.getByRole('button')).toHaveTextContent('0 waiting')
    for (const count of [1, 2]) {
      act(() => screen.getByRole('button').click())
      await environment.advance(0)
      expect(screen.getByRole('button')).toHaveTextContent(`${count} waiting`)
    }
    await environment.newestSocket().open()
    expect(screen.getByRole('button')).toHaveTextContent('0 waiting')
  })

  it('keeps what waits for a component that comes back', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const onView = vi.fn<(view: WebSocketView) => void>()
    const page = render(<ViewHolder source={url} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    onView.mock.lastCall?.[0].sendJSON('kept')
    page.unmount()
    await environment.advance(5000)
    render(<ViewHolder source={url} options={{ environment }} onView={onView} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.sockets).toHaveLength(2)
    expect(environment.newestSocket().sentJSON()).toEqual(['kept'])
  })
})

function Controls({ url, options }: { url: string; options: UseWebSocketOptions }): ReactElement {
  const { status, lastClose, close, reconnect } = useWebSocket(url, options)
  return (
    <>
      <output>{`${status} ${lastClose?.by ?? ''} ${lastClose?.code ?? ''}`}</output>
      <button type="button" onClick={() => close(4000, 'done')}>
        Close
      </button>
      <button type="button" onClick={reconnect}>
        Reconnect
      </button>
    </>
  )
}

describe('close and reconnect', () => {
  async function mountControls() {
    const environment = createActedEnvironment()
    render(<Controls url={nextUrl()} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    const press = async (name: string): Promise<void> => {
      act(() => screen.getByRole('button', { name }).click())
      await environment.advance(0)
    }
    return { environment, press }
  }

  it('close ends the socket with its code and reason, and nothing retries', async () => {
    const { environment, press } = await mountControls()
    await press('Close')
    expect(environment.newestSocket().closedBy).toEqual({ code: 4000, reason: 'done' })
    expect(screen.getByRole('status')).toHaveTextContent('closed client 4000')
    await environment.advance(60_000)
    environment.wake()
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(1)
  })

  it('close holds for a component that comes while others are there', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(<Controls url={url} options={{ environment }} />)
    await environment.advance(0)
    act(() => screen.getByRole('button', { name: 'Close' }).click())
    const other = render(<Status source={url} />)
    await environment.advance(5000)
    expect(other.getByTestId('status')).toHaveTextContent('closed')
    expect(environment.sockets).toHaveLength(1)
  })

  it('close is over when everybody has left and somebody comes back', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Controls url={url} options={{ environment }} />)
    await environment.advance(0)
    act(() => screen.getByRole('button', { name: 'Close' }).click())
    page.unmount()
    await environment.advance(1000)
    render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    expect(screen.getByTestId('status')).toHaveTextContent('connecting')
  })

  it('reconnect opens a closed connection again', async () => {
    const { environment, press } = await mountControls()
    await press('Close')
    await press('Reconnect')
    await environment.newestSocket().open()
    expect(environment.sockets).toHaveLength(2)
    expect(screen.getByRole('status')).toHaveTextContent('open')
  })

  it('reconnect replaces an open socket', async () => {
    const { environment, press } = await mountControls()
    await press('Reconnect')
    expect(environment.sockets).toHaveLength(2)
    expect(environment.sockets[0]?.closedBy).toMatchObject({ code: 1000 })
    expect(screen.getByRole('status')).toHaveTextContent('reconnecting')
  })

  it('reconnect cuts the wait for a retry', async () => {
    const { environment, press } = await mountControls()
    environment.newestSocket().cut()
    await press('Reconnect')
    expect(environment.sockets).toHaveLength(2)
  })

  it('do nothing without a connection', async () => {
    const { environment, view } = await mountView({}, null)
    view.reconnect()
    view.close()
    await environment.advance(1000)
    expect(environment.sockets).toHaveLength(0)
  })
})
