import { useState } from 'react'
import { useMessageReducer, useWebSocket } from 'wirehook'
import { market, type FromServer } from './market'

type Bought = Extract<FromServer, { type: 'bought' }>

const addBought = (ids: readonly string[], { id }: Bought): readonly string[] => [...ids, id]

/** What is ordered while the connection is away waits, and is bought when it is back. */
export function Orders() {
  const { sendJSON } = useWebSocket(market)
  const [orders, setOrders] = useState<readonly string[]>([])
  const bought = useMessageReducer(addBought, [], { source: market, topic: 'bought' })

  function buy(): void {
    const id = crypto.randomUUID()
    sendJSON({ type: 'buy', id, symbol: 'AAPL' })
    setOrders([...orders, id])
  }

  return (
    <section aria-label="Orders">
      <button type="button" onClick={buy}>
        Buy AAPL
      </button>
      <ol>
        {orders.map((id) => (
          <li key={id}>{bought.includes(id) ? 'Bought' : 'Ordered'}</li>
        ))}
      </ol>
    </section>
  )
}
