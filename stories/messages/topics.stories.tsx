/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { memo, useEffect, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createConnection, useLatestMessage, useWebSocket, type Connection } from 'wirehook'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { symbols, type Quote } from '../server/quotes-service'
import { RenderCount } from './render-count'
import './messages.css'

type Market = Connection<Quote>

interface TopicsArgs {
  perSecond: number
}

function Topics({ perSecond }: TopicsArgs) {
  const [market] = useState(createMarket)
  return (
    <DemoPage
      title="A hundred rows, one topic each"
      lead="Let one price change, or all of them, and read in the last column how often each row has rendered."
    >
      <div className="demo-columns">
        <Trade market={market} perSecond={perSecond} />
        <DemoCard title="Prices">
          <div className="quotes" tabIndex={0} role="region" aria-label="Table of prices">
            <Prices market={market} />
          </div>
        </DemoCard>
      </div>
    </DemoPage>
  )
}

function createMarket(): Market {
  return createConnection<Quote>(createRoomUrl('quotes'), { topicOf: ({ symbol }) => symbol })
}

interface MarketProps {
  readonly market: Market
}

function Prices({ market }: MarketProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Symbol</th>
          <th scope="col" data-number>
            Price
          </th>
          <th scope="col" data-number>
            Renders
          </th>
        </tr>
      </thead>
      <tbody>
        {symbols.map((symbol) => (
          <Row key={symbol} market={market} symbol={symbol} />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps extends MarketProps {
  readonly symbol: string
}

const Row = memo(function Row({ market, symbol }: RowProps) {
  const price = useLatestMessage(symbol, { source: market, select: (quote) => quote.price })
  return (
    <tr>
      <th scope="row">{symbol}</th>
      <td data-number>
        <span key={price} data-price>
          {price?.toFixed(2) ?? '–'}
        </span>
      </td>
      <td data-number>
        <RenderCount />
      </td>
    </tr>
  )
})

function Trade({ market, perSecond }: TopicsArgs & MarketProps) {
  const { status, sendJSON } = useWebSocket(market)
  const [isTrading, setTrading] = useState(false)

  useEffect(() => {
    if (status === 'open') sendJSON({ type: 'rate', perSecond: isTrading ? perSecond : 0 })
  }, [status, sendJSON, isTrading, perSecond])

  return (
    <DemoCard title="Market">
      <p className="demo-quiet">
        Each row has rendered once when it was mounted, and once for its first price.
      </p>
      <div className="demo-row">
        <button
          type="button"
          data-primary
          onClick={() => sendJSON({ type: 'move', symbol: symbols[0] })}
        >
          Change {symbols[0]} once
        </button>
        <label>
          <input type="checkbox" checked={isTrading} onChange={() => setTrading(!isTrading)} />
          Trade {perSecond} times a second
        </label>
      </div>
    </DemoCard>
  )
}

/**
 * One connection brings a hundred prices, and `topicOf` says whose each message is. A row that reads
 * the topic of its symbol renders when that price has changed, and for none of the others.
 */
const meta = {
  title: 'Messages/Topics',
  component: Topics,
  tags: ['autodocs'],
  args: { perSecond: 20 },
  argTypes: {
    perSecond: {
      description: 'Prices that change in a second',
      control: { type: 'range', min: 0, max: 1000, step: 10 },
    },
  },
} satisfies Meta<typeof Topics>
export default meta

/** One price changes: one row renders once more, and 99 do not. */
export const PriceTable: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const rows = canvas.getAllByRole('row').slice(1)
    const readRenders = (): number[] =>
      rows.map((row) => Number(row.querySelector('[data-renders]')?.textContent))
    const hasPrice = /\d\.\d\d/
    for (const row of rows) await waitFor(() => expect(row).toHaveTextContent(hasPrice))

    const [first, ...others] = readRenders()
    const price = within(rows[0] as HTMLElement).getByText(hasPrice).textContent
    await userEvent.click(canvas.getByRole('button', { name: 'Change ARD once' }))
    await waitFor(() => expect(rows[0]).not.toHaveTextContent(price))
    await expect(readRenders()).toEqual([Number(first) + 1, ...others])
    await expect(others.every((count) => count === 2)).toBe(true)
  },
}
