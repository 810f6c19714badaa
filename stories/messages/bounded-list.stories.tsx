/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useMessages, WebSocketProvider, type Schedule } from 'wirehook'
import { readFact } from '../connection/read-fact'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import type { Tick } from '../server/stream-service'
import { BurstButton } from './burst-button'
import { RenderCount } from './render-count'
import './messages.css'

interface BoundedListArgs {
  limit: number
  schedule: Schedule
}

function BoundedList({ limit, schedule }: BoundedListArgs) {
  const [url] = useState(() => createRoomUrl('stream'))
  return (
    <WebSocketProvider url={url}>
      <DemoPage
        title="The last messages"
        lead="Get a thousand at once. Each is taken in, few renderings show them, and the list keeps to its limit."
      >
        <div className="demo-row">
          <BurstButton count={1000} />
        </div>
        <LastTicks limit={limit} schedule={schedule} />
      </DemoPage>
    </WebSocketProvider>
  )
}

function LastTicks({ limit, schedule }: BoundedListArgs) {
  const ticks = useMessages<Tick>({ limit, schedule })
  const format = (number: number | undefined): string => number?.toLocaleString('en') ?? '–'
  return (
    <DemoCard title="Messages">
      <DemoFacts
        facts={{
          Kept: format(ticks.length),
          'Oldest kept': format(ticks[0]?.number),
          Newest: format(ticks.at(-1)?.number),
          Renders: <RenderCount />,
        }}
      />
      <ol className="ticks" tabIndex={0} aria-label="Messages, newest first">
        {ticks.toReversed().map(({ number, value }) => (
          <li key={number}>
            <span className="demo-quiet">No. {format(number)}</span>
            <span>{value}</span>
          </li>
        ))}
      </ol>
    </DemoCard>
  )
}

/**
 * `useMessages` keeps the last messages, up to a limit. It takes every one of them in, however many
 * come at once, and renders when a frame is drawn.
 */
const meta = {
  title: 'Messages/Bounded list',
  component: BoundedList,
  tags: ['autodocs'],
  args: { limit: 100, schedule: 'auto' },
  argTypes: {
    limit: {
      description: 'Messages kept; the oldest go',
      control: { type: 'range', min: 0, max: 1000, step: 10 },
    },
    schedule: {
      description: 'When the list renders',
      control: 'inline-radio',
      options: ['auto', 'frame', 'sync', 250],
    },
  },
} satisfies Meta<typeof BoundedList>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

/** The last hundred of a thousand. */
export const LastHundred: Story = {
  async play({ canvas }) {
    await getThousand(canvas)
    await expect(readFact(canvas, 'Kept')).toHaveTextContent('100')
    await expect(readFact(canvas, 'Oldest kept')).toHaveTextContent('901')
  },
}

/** All thousand, none missed and none twice: React would complain about keys. */
export const Thousand: Story = {
  args: { limit: 1000 },
  async play({ canvas }) {
    await getThousand(canvas)
    await expect(readFact(canvas, 'Kept')).toHaveTextContent('1,000')
    const numbers = Array.from(
      canvas.getByRole('list').children,
      (item) => item.firstElementChild?.textContent,
    )
    await expect(numbers[0]).toBe('No. 1,000')
    await expect(new Set(numbers).size).toBe(1000)
  },
}

async function getThousand(canvas: Canvas): Promise<void> {
  const button = canvas.getByRole('button', { name: 'Get 1,000 messages' })
  await waitFor(() => expect(button).toBeEnabled(), { timeout: 8000 })
  await userEvent.click(button)
  await waitFor(() => expect(readFact(canvas, 'Newest')).toHaveTextContent('1,000'), {
    timeout: 8000,
  })
  await expect(Number(readFact(canvas, 'Renders')?.textContent)).toBeLessThan(100)
}
