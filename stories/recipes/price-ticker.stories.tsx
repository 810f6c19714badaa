import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, within } from 'storybook/test'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { createPriceConnection, PriceTicker } from '../../docs/recipes/price-ticker'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

interface TickerArgs extends ConnectionArgs {
  /** Prices of each symbol in a second. */
  perSecond: number
}

const symbols = ['ACME', 'GLOBEX', 'HOOLI', 'INITECH', 'TYRELL', 'WAYNE']

function Ticker(args: TickerArgs) {
  const [url] = useState(() => createRoomUrl('price-ticker'))
  return (
    <DemoPage
      title="Price ticker"
      lead="A topic for each symbol: a row renders for its own prices only, and once a frame at most. Cut the links: the prices stay, and the page says that they are old."
    >
      <ServerButtons url={url} />
      <Table key={JSON.stringify(args)} url={url} args={args} />
    </DemoPage>
  )
}

function Table({ url, args }: { readonly url: string; readonly args: TickerArgs }) {
  const [connection] = useState(() =>
    createPriceConnection(`${url}?perSecond=${args.perSecond}`, toOptions(args)),
  )
  return (
    <DemoCard title="Prices">
      <ConnectionBadge source={connection} />
      <PriceTicker connection={connection} symbols={symbols} />
    </DemoCard>
  )
}

/** The last 40 prices of each symbol, as a number, a change and a line. */
const meta = {
  title: 'Recipes/Price ticker',
  component: Ticker,
  tags: ['autodocs'],
  args: { ...connectionArgs, perSecond: 10 },
  argTypes: {
    ...connectionArgTypes,
    perSecond: { name: 'Prices per second', control: { type: 'range', min: 1, max: 100, step: 1 } },
  },
} satisfies Meta<typeof Ticker>
export default meta

const patience = { timeout: 8000 }

/** Every symbol gets its prices; of each, the last 40 are kept. */
export const Ticking: StoryObj<typeof meta> = {
  args: { perSecond: 50 },
  async play({ canvas }) {
    for (const symbol of symbols) {
      await canvas.findByRole('img', { name: `The last 40 prices of ${symbol}` }, patience)
    }
    const row = within(canvas.getByRole('row', { name: /^ACME/ }))
    await expect(row.getByText(/^[▲▼] \d+\.\d\d %$/)).toBeVisible()
    await expect(row.getByText(/^\d+\.\d\d$/)).toBeVisible()
  },
}

/** A new link is asked for the same symbols; until it is there, the prices are said to be old. */
export const LostLink: StoryObj<typeof meta> = {
  args: { minDelayMs: 60_000 },
  async play({ canvas }) {
    const price = () => within(canvas.getByRole('row', { name: /^WAYNE/ })).getByText(/^\d+\.\d\d$/)
    await canvas.findByRole('img', { name: /^The last [1-9]\d* prices of WAYNE/ }, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Cut' }))
    await canvas.findByText('Not connected: these prices may be old.', {}, patience)
    await expect(price()).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Retry now' }))
    await canvas.findByRole('img', { name: 'The last 40 prices of WAYNE' }, patience)
    await expect(canvas.queryByText('Not connected: these prices may be old.')).toBeNull()
  },
}
