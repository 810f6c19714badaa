import { render, screen } from '@testing-library/react'
import { WS } from 'jest-websocket-mock'
import { afterEach, expect, it } from 'vitest'
import { useWebSocket, WebSocketProvider } from 'wirehook'

function Price() {
  const { status, lastMessage, sendJSON } = useWebSocket<{ price: number }>()
  return (
    <>
      <output>{lastMessage ? lastMessage.price : 'no price yet'}</output>
      <button type="button" onClick={() => sendJSON({ subscribe: 'AAPL' })}>
        Subscribe ({status})
      </button>
    </>
  )
}

function renderPrice() {
  const server = new WS('wss://shop.test/prices', { jsonProtocol: true })
  render(
    <WebSocketProvider url="wss://shop.test/prices">
      <Price />
    </WebSocketProvider>,
  )
  return server
}

afterEach(() => WS.clean())

it('asks for a price and shows it', async () => {
  const server = renderPrice()
  const button = await screen.findByText('Subscribe (open)')

  button.click()
  await expect(server).toReceiveMessage({ subscribe: 'AAPL' })

  server.send({ price: 191 })
  await screen.findByText('191')
})

it('keeps the price while the server restarts', async () => {
  const server = renderPrice()
  await screen.findByText('Subscribe (open)')
  server.send({ price: 191 })

  server.close({ code: 1012, reason: 'restart', wasClean: true })
  await screen.findByText('Subscribe (reconnecting)')
  await screen.findByText('191')
})
