import { useLatestMessage } from 'wirehook'
import { market } from './market'

/** Renders for the prices of its own symbol and for nothing else. */
export function Price({ symbol }: { readonly symbol: string }) {
  const latest = useLatestMessage(symbol, { source: market })
  return (
    <span>
      {symbol} <output aria-label={symbol}>{latest?.type === 'price' ? latest.price : '–'}</output>
    </span>
  )
}
