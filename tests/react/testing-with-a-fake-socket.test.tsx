import { act, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { useWebSocket, WebSocketProvider, type SocketLike } from 'wirehook'

/** A socket whose other side is the test. */
class FakeSocket implements SocketLike {
  readonly sent: unknown[] = []
  binaryType = ''
  readyState = 0
  bufferedAmount = 0
  protocol = ''
  onopen: SocketLike['onopen'] = null
  onmessage: SocketLike['onmessage'] = null
  onerror: SocketLike['onerror'] = null
  onclose: SocketLike['onclose'] = null

  send(data: unknown) {
    this.sent.push(data)
  }
  close() {
    this.readyState = 3
  }
  open() {
    this.readyState = 1
    this.onopen?.({} as never)
  }
}

function Status() {
  return <output>{useWebSocket().status}</output>
}

afterEach(() => {
  vi.useRealTimers()
})

it('says so when the link dies without a word, and comes back', async () => {
  vi.useFakeTimers()
  const sockets: FakeSocket[] = []
  const createSocket = () => {
    const socket = new FakeSocket()
    sockets.push(socket)
    return socket
  }
  render(
    <WebSocketProvider
      url="wss://shop.test/prices"
      heartbeat={{ intervalMs: 1000, timeoutMs: 1000 }}
      environment={{ createSocket, random: () => 0 }}
    >
      <Status />
    </WebSocketProvider>,
  )
  const pass = (durationMs: number) => act(() => vi.advanceTimersByTimeAsync(durationMs))

  await pass(0)
  sockets[0]?.open()
  await pass(0)
  expect(screen.getByRole('status').textContent).toBe('open')

  await pass(2000)
  expect(sockets[0]?.sent).toEqual(['{"type":"ping"}'])
  expect(screen.getByRole('status').textContent).toBe('reconnecting')

  await pass(50)
  sockets[1]?.open()
  await pass(0)
  expect(screen.getByRole('status').textContent).toBe('open')
})
