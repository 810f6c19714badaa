/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useReducer, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { useLatestMessage, useMessageReducer, WebSocketProvider } from 'wirehook'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import type { Tick } from '../server/stream-service'
import { BurstButton } from './burst-button'
import { RenderCount } from './render-count'
import './messages.css'

interface ReducerArgs {
  burst: number
}

function Reducer({ burst }: ReducerArgs) {
  const [url] = useState(() => createRoomUrl('stream'))
  return (
    <WebSocketProvider url={url}>
      <DemoPage
        title="What all messages come to"
        lead="Get many at once, and compare what the two ways of counting have seen of them."
      >
        <div className="demo-row">
          <BurstButton count={burst} />
        </div>
        <div className="demo-columns">
          <Folded />
          <CountedInEffect />
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

interface Sum {
  readonly count: number
  readonly total: number
}

const nothing: Sum = { count: 0, total: 0 }

function addTick({ count, total }: Sum, { value }: Tick): Sum {
  return { count: count + 1, total: total + value }
}

function Folded() {
  const { count, total } = useMessageReducer(addTick, nothing)
  return (
    <DemoCard title="useMessageReducer">
      <Figures count={count} total={total} />
    </DemoCard>
  )
}

function CountedInEffect() {
  const [{ count, total }, add] = useReducer(addTick, nothing)
  const latest = useLatestMessage<Tick>()

  useEffect(() => {
    if (latest) add(latest)
  }, [latest])

  return (
    <DemoCard title="An effect on the newest message">
      <Figures count={count} total={total} />
    </DemoCard>
  )
}

function Figures({ count, total }: Sum) {
  return (
    <>
      <p className="sum">
        {count.toLocaleString('en')} <small>messages</small>
      </p>
      <DemoFacts facts={{ Sum: total.toLocaleString('en'), Renders: <RenderCount /> }} />
    </>
  )
}

/**
 * `useMessageReducer` folds every message into a value, outside of rendering. The other card counts in
 * an effect on the newest message, as one would at first: an effect runs for renderings, and several
 * messages may share one.
 */
const meta = {
  title: 'Messages/Reducer',
  component: Reducer,
  tags: ['autodocs'],
  args: { burst: 1000 },
  argTypes: {
    burst: {
      description: 'Messages that the button asks for',
      control: { type: 'range', min: 10, max: 5000, step: 10 },
    },
  },
} satisfies Meta<typeof Reducer>
export default meta

/** A thousand at once: the fold has each of them, the effect has as many as there were renderings. */
export const EveryMessage: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const card = (name: string) => within(canvas.getByRole('region', { name }))
    const button = canvas.getByRole('button', { name: 'Get 1,000 messages' })
    await waitFor(() => expect(button).toBeEnabled(), { timeout: 8000 })
    await userEvent.click(button)
    const folded = card('useMessageReducer')
    await expect(
      await folded.findByText(/^1,000/, { selector: '.sum' }, { timeout: 8000 }),
    ).toBeVisible()
    const sum = Array.from({ length: 1000 }, (_, index) => ((index + 1) * 37) % 101)
      .reduce((total, value) => total + value)
      .toLocaleString('en')
    await expect(folded.getByText('Sum').nextElementSibling).toHaveTextContent(sum)
    const counted = card('An effect on the newest message').getByText(/messages$/)
    await expect(Number.parseInt(counted.parentElement?.textContent ?? '', 10)).toBeLessThan(1000)
  },
}
