import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { WS } from 'jest-websocket-mock'
import { afterEach, expect, it } from 'vitest'
import { useWebSocket } from 'wirehook'
import { keepConsoleSilent } from './silent-console'

// As in the browser: nothing is configured, and the socket is the global one.
const takePrinted = keepConsoleSilent()
afterEach(() => WS.clean())

interface Price {
  symbol: string
  price: number
}

function Ticker({ url }: { url: string }) {
  const { status, lastMessage, sendJSON } = useWebSocket<Price, { subscribe: string }>(url)
  return (
    <>
      <output>{status}</output>
      <p>{lastMessage ? `${lastMessage.symbol} ${lastMessage.price}` : 'no price yet'}</p>
      <button type="button" onClick={() => sendJSON({ subscribe: 'AAPL' })}>
        Subscribe
      </button>
    </>
  )
}

it('a URL goes in, live data comes out', async () => {
  const server = new WS('ws://live.test/prices', { jsonProtocol: true })
  render(<Ticker url="ws://live.test/prices" />)
  expect(screen.getByText('no price yet')).toBeInTheDocument()
  await screen.findByText('open')

  server.send({ symbol: 'AAPL', price: 191 })
  expect(screen.getByText('AAPL 191')).toBeInTheDocument()

  await userEvent.click(screen.getByRole('button'))
  await expect(server).toReceiveMessage({ subscribe: 'AAPL' })
})

it('the status shows the first attempt, and after a loss that it tries again', async () => {
  const server = new WS('ws://live.test/status')
  render(<Ticker url="ws://live.test/status" />)
  await screen.findByText('connecting')
  await screen.findByText('open')

  server.close({ code: 1012, reason: 'restart', wasClean: true })
  await screen.findByText('reconnecting')
})

it('text that is no JSON is refused, and the next message is shown', async () => {
  const server = new WS('ws://live.test/mixed')
  render(<Ticker url="ws://live.test/mixed" />)
  await screen.findByText('open')
  server.send('oops')
  expect(screen.getByText('no price yet')).toBeInTheDocument()
  expect(takePrinted()).toEqual([expect.stringContaining('malformed-message')])
  server.send(JSON.stringify({ symbol: 'MSFT', price: 402 }))
  expect(screen.getByText('MSFT 402')).toBeInTheDocument()
})
