import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useWebSocket, WebSocketProvider, type ReconnectOptions } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl, demoServer } from '../network/demo-server'
import { milliseconds } from './controls'
import { Diary } from './diary'
import { readFact } from './read-fact'

function Reconnect(reconnect: ReconnectOptions) {
  const [url] = useState(() => createRoomUrl('echo'))
  return (
    <WebSocketProvider url={url} reconnect={reconnect}>
      <DemoPage
        title="Lost, and back again"
        lead="Restart the server, which then lets nobody in for four seconds, or cut the link. Retry now whenever you like."
      >
        <div className="demo-columns">
          <DemoCard title="Connection">
            <ConnectionBadge />
            <ReconnectFacts />
            <div className="demo-row">
              <button type="button" onClick={() => void demoServer.control(url, 'restart')}>
                Restart the server
              </button>
              <button type="button" onClick={() => void demoServer.control(url, 'cut')}>
                Cut the link
              </button>
            </div>
          </DemoCard>
          <Diary />
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

function ReconnectFacts() {
  const { attempt, lastClose } = useWebSocket()
  return <DemoFacts facts={{ Retry: attempt, 'Last close code': lastClose?.code ?? '–' }} />
}

/**
 * A lost connection comes back by itself. The badge says that it is away and until when it waits;
 * whoever cannot wait presses the button. Args are the option `reconnect` of the provider.
 */
const meta = {
  title: 'Connection/Reconnect',
  component: Reconnect,
  tags: ['autodocs'],
  args: { minDelayMs: 2000, maxDelayMs: 4000 },
  argTypes: {
    minDelayMs: milliseconds('reconnect.minDelayMs', 'Window of the first retry', 10_000),
    maxDelayMs: milliseconds('reconnect.maxDelayMs', 'Largest window of a retry', 30_000),
    decide: {
      name: 'reconnect.decide',
      description: 'Overrides what follows an end',
      control: false,
    },
  },
} satisfies Meta<typeof Reconnect>
export default meta

type Story = StoryObj<typeof meta>

const patience = { timeout: 12_000 }

/** The server is away for a while. Each retry waits for a random time, in a window that grows. */
export const ServerRestart: Story = {
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Restart the server' }))
    await canvas.findByText('Connection lost')
    await expect(await canvas.findByText('Closed by the server: 1012 Restarting')).toBeVisible()
    await expect(await canvas.findByText(/^retry in \d s$/, {}, patience)).toBeVisible()
    await expect(await canvas.findByText('Connected', {}, patience)).toBeVisible()
    await waitFor(() => expect(readFact(canvas, 'Retry')).toHaveTextContent('0'))
  },
}

/** `decide` may name the delay. Here it is a minute, which nobody wants to sit out. */
export const RetryNow: Story = {
  args: { decide: () => 60_000 },
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Cut the link' }))
    await expect(await canvas.findByText(/^retry in (60|5\d) s$/, {}, patience)).toBeVisible()
    await expect(canvas.getByText('Cut by the network: 1006')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Retry now' }))
    await expect(await canvas.findByText('Open again', {}, patience)).toBeVisible()
    await expect(canvas.getByText('Connected')).toBeVisible()
  },
}
