import { render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { CloseInfo, OpenInfo, UseWebSocketOptions, WirehookError } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()

async function mountWith(options: UseWebSocketOptions) {
  const environment = createActedEnvironment()
  const url = nextUrl()
  const page = render(<Status source={url} options={{ environment, ...options }} />)
  await environment.advance(0)
  return { environment, url, page }
}

describe('onOpen', () => {
  it('tells the first time from the others, and the subprotocol', async () => {
    const onOpen = vi.fn<(info: OpenInfo) => void>()
    const { environment } = await mountWith({ onOpen, protocols: ['v1', 'v2'] })
    await environment.newestSocket().open('v2')
    environment.newestSocket().cut()
    await environment.advance(1000)
    await environment.newestSocket().open('v1')
    expect(onOpen.mock.calls).toEqual([
      [{ reconnected: false, protocol: 'v2' }],
      [{ reconnected: true, protocol: 'v1' }],
    ])
  })

  it('is not called for a component that comes when it is open already', async () => {
    const { environment, url } = await mountWith({})
    await environment.newestSocket().open()
    const onOpen = vi.fn()
    render(<Status source={url} options={{ onOpen }} />)
    await environment.advance(0)
    expect(onOpen).not.toHaveBeenCalled()
  })
})

describe('onMessage', () => {
  it('gets every decoded message once, in order', async () => {
    const onMessage = vi.fn()
    const { environment } = await mountWith({ onMessage })
    await environment.newestSocket().open()
    const messages = [{ a: 1 }, [2], 'three', null]
    for (const message of messages) environment.newestSocket().receive(message)
    expect(onMessage.mock.calls).toEqual(messages.map((message) => [message]))
  })

  it('is not called any more after the component has left', async () => {
    const onMessage = vi.fn()
    const { environment, url, page } = await mountWith({ onMessage })
    render(<Status source={url} />)
    await environment.newestSocket().open()
    page.unmount()
    environment.newestSocket().receive('late')
    expect(onMessage).not.toHaveBeenCalled()
  })

  it('that throws stops neither the others nor the socket, and is reported', async () => {
    const failure = new Error('in onMessage')
    const { environment, url } = await mountWith({
      onMessage() {
        throw failure
      },
    })
    const other = vi.fn()
    render(<LastMessage source={url} options={{ onMessage: other }} />)
    await environment.newestSocket().open()
    environment.newestSocket().receive(1)
    environment.newestSocket().receive(2)
    expect(other.mock.calls).toEqual([[1], [2]])
    expect(screen.getByTestId('message')).toHaveTextContent('2')
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(environment.reportedErrors).toEqual([failure, failure])
  })

  it('that throws does not keep its own component from showing the message', async () => {
    const environment = createActedEnvironment()
    const onMessage = vi.fn(() => {
      throw new Error('in onMessage')
    })
    render(<LastMessage source={nextUrl()} options={{ environment, onMessage }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('shown')
    expect(onMessage).toHaveBeenCalledTimes(1)
    expect(screen.getByTestId('message')).toHaveTextContent('shown')
  })
})

describe('onClose', () => {
  it('tells how the server has closed', async () => {
    const onClose = vi.fn<(close: CloseInfo) => void>()
    const { environment } = await mountWith({ onClose })
    await environment.newestSocket().open()
    await environment.advance(1500)
    environment.newestSocket().closeWith(4001, 'moved')
    expect(onClose.mock.calls).toEqual([
      [
        {
          code: 4001,
          reason: 'moved',
          wasClean: true,
          by: 'server',
          openForMs: 1500,
          at: environment.now(),
          error: null,
        },
      ],
    ])
  })

  it('is called for each attempt that fails', async () => {
    const onClose = vi.fn<(close: CloseInfo) => void>()
    const { environment } = await mountWith({ onClose })
    environment.newestSocket().cut()
    await environment.advance(1000)
    environment.newestSocket().cut()
    expect(onClose.mock.calls.map(([{ code, by, openForMs }]) => [code, by, openForMs])).toEqual([
      [1006, 'network', null],
      [1006, 'network', null],
    ])
  })
})

describe('onError', () => {
  it('gets a failed attempt, a bad message and the final failure', async () => {
    const onError = vi.fn<(error: WirehookError) => void>()
    const { environment } = await mountWith({ onError, connectTimeoutMs: 500 })
    await environment.advance(500)
    await environment.advance(300)
    await environment.newestSocket().open()
    environment.newestSocket().receiveFrame('{')
    expect(takePrinted()).toEqual([expect.stringContaining('malformed-message')])
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    environment.newestSocket().closeWith(1008)
    expect(screen.getByTestId('status')).toHaveTextContent('failed')
    expect(onError.mock.calls.map(([{ code }]) => code)).toEqual([
      'connect-timeout',
      'malformed-message',
      'closed-for-good',
    ])
  })
})

it('callbacks of several components are all called', async () => {
  const environment = createActedEnvironment()
  const url = nextUrl()
  const callbacks = [vi.fn(), vi.fn(), vi.fn()]
  render(
    callbacks.map((onMessage, index) => (
      <Status key={index} source={url} options={{ environment, onMessage }} />
    )),
  )
  await environment.advance(0)
  await environment.newestSocket().open()
  environment.newestSocket().receive('to all')
  for (const callback of callbacks) expect(callback.mock.calls).toEqual([['to all']])
})
