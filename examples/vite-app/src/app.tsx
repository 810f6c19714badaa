import { ConnectionBanner } from './connection-banner'
import { Orders } from './orders'
import { Price } from './price'

export function App() {
  return (
    <main>
      <h1>Market</h1>
      <ConnectionBanner />
      <ul>
        {['AAPL', 'MSFT', 'NVDA'].map((symbol) => (
          <li key={symbol}>
            <Price symbol={symbol} />
          </li>
        ))}
      </ul>
      <Orders />
    </main>
  )
}
