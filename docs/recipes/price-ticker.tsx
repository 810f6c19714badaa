/**
 * A table of prices, each with its change and a line of the last 40:
 *
 *     const prices = createPriceConnection('/prices')
 *     <PriceTicker connection={prices} symbols={['ACME', 'GLOBEX']} />
 *
 * A row renders for the prices of its own symbol, once a frame at most, however many come. The server
 * tells the prices of the symbols in the newest `watch` of a link.
 */
'use client'

import { memo, useEffect, type CSSProperties } from 'react'
import {
  createConnection,
  useMessageReducer,
  useWebSocket,
  type Connection,
  type ConnectionOptions,
} from 'wirehook'

export interface Price {
  readonly type: 'price'
  readonly symbol: string
  readonly price: number
}

export interface Watch {
  readonly type: 'watch'
  readonly symbols: readonly string[]
}

export type PriceConnection = Connection<Price, Watch>

/** A topic for each symbol, so that a row is told of its own prices only. */
export function createPriceConnection(
  url: string,
  options?: ConnectionOptions<Price>,
): PriceConnection {
  return createConnection<Price, Watch>(url, { topicOf: ({ symbol }) => symbol, ...options })
}

const shownPrices = 40

export function PriceTicker({
  connection,
  symbols,
}: {
  readonly connection: PriceConnection
  readonly symbols: readonly string[]
}) {
  const { status, sendJSON } = useWebSocket(connection)
  const isLive = status === 'open'
  // As text, for it stays the same if the list is made anew on every render.
  const names = JSON.stringify(symbols)

  // A new link knows nothing of what the one before was asked.
  useEffect(() => {
    if (!isLive) return
    sendJSON({ type: 'watch', symbols: JSON.parse(names) as string[] }, { whenClosed: 'drop' })
  }, [isLive, sendJSON, names])

  return (
    <div style={{ minWidth: 0 }}>
      <table style={table}>
        <thead>
          <tr>
            <th scope="col" style={{ whiteSpace: 'nowrap' }}>
              Symbol
            </th>
            <th scope="col" style={number}>
              Price
            </th>
            <th scope="col" style={number}>
              Change
            </th>
            <th scope="col">Last {shownPrices}</th>
          </tr>
        </thead>
        <tbody>
          {symbols.map((symbol) => (
            <Row key={symbol} connection={connection} symbol={symbol} isLive={isLive} />
          ))}
        </tbody>
      </table>
      <p style={note} role="status">
        {!isLive && 'Not connected: these prices may be old.'}
      </p>
    </div>
  )
}

const Row = memo(function Row({
  connection,
  symbol,
  isLive,
}: {
  readonly connection: PriceConnection
  readonly symbol: string
  readonly isLive: boolean
}) {
  const prices = useMessageReducer(keepNewest, noPrices, { source: connection, topic: symbol })
  const change = changeOf(prices)
  const color = change < 0 ? falling : rising
  return (
    <tr>
      <th scope="row" style={{ whiteSpace: 'nowrap' }}>
        {symbol}
      </th>
      <td style={number}>{prices.at(-1)?.toFixed(2) ?? '–'}</td>
      <td style={{ ...number, color }}>
        {prices.length > 1 && `${change < 0 ? '▼' : '▲'} ${Math.abs(change).toFixed(2)} %`}
      </td>
      <td style={{ width: '35%', minWidth: 56, opacity: isLive ? 1 : 0.4 }}>
        <Sparkline values={prices} color={color} name={symbol} />
      </td>
    </tr>
  )
})

const noPrices: readonly number[] = []

function keepNewest(prices: readonly number[], { price }: Price): readonly number[] {
  return [...prices, price].slice(-shownPrices)
}

/** In percent, from the first price shown to the last. */
function changeOf(prices: readonly number[]): number {
  const first = prices[0] ?? 0
  const last = prices.at(-1) ?? 0
  return first === 0 ? 0 : ((last - first) / first) * 100
}

/** Stretched to the width there is; the line keeps its own. */
function Sparkline({
  values,
  color,
  name,
}: {
  readonly values: readonly number[]
  readonly color: string
  readonly name: string
}) {
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const points = values.map((value, index) => {
    const x = (index / (shownPrices - 1)) * 100
    const y = 26 - ((value - low) / range) * 24
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg
      style={sparkline}
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={`The last ${values.length} prices of ${name}`}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke={color}
        strokeWidth="2"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

const rising = 'light-dark(#0b7346, #4fd69b)'
const falling = 'light-dark(#b81f35, #ff8c98)'

const table: CSSProperties = {
  width: '100%',
  borderCollapse: 'collapse',
  fontVariantNumeric: 'tabular-nums',
}

const number: CSSProperties = { textAlign: 'end', whiteSpace: 'nowrap' }

const sparkline: CSSProperties = { display: 'block', width: '100%', height: 28 }

/** As high as a line, so that nothing moves when it is needed. */
const note: CSSProperties = { minHeight: '1.5em', margin: '8px 0 0', fontSize: 13 }
