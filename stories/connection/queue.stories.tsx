import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { WebSocketProvider, type QueueOptions } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { goodConditions, network } from '../network/conditions'
import { createRoomUrl } from '../network/demo-server'
import { amount, milliseconds } from './controls'
import { Outbox } from './outbox'
import { readFact } from './read-fact'

function Queue(queue: QueueOptions) {
  const [url] = useState(() => createRoomUrl('echo'))
  return (
    <WebSocketProvider url={url} queue={queue} heartbeat={{ intervalMs: 1000, timeoutMs: 500 }}>
      <DemoPage
        title="Writing while offline"
        lead="Go offline, send more than the queue holds, and come back. Nothing is lost without being told."
      >
        <DemoCard title="Connection">
          <div className="demo-row">
            <ConnectionBadge />
            <NetworkSwitch />
          </div>
        </DemoCard>
        <Outbox limit={queue.maxMessages} />
      </DemoPage>
    </WebSocketProvider>
  )
}

function NetworkSwitch() {
  const [isOffline, setOffline] = useState(false)

  function toggle(): void {
    network.set({ isOffline: !isOffline })
    setOffline(!isOffline)
  }

  return (
    <button type="button" onClick={toggle}>
      {isOffline ? 'Go online' : 'Go offline'}
    </button>
  )
}

/**
 * What is sent while there is no link waits, in order, up to a limit, and goes out when the link is
 * back. Args are the option `queue` of the provider.
 */
const meta = {
  title: 'Connection/Queue',
  component: Queue,
  tags: ['autodocs'],
  args: { maxMessages: 5, overflow: 'reject' },
  argTypes: {
    maxMessages: amount('queue.maxMessages', 'Messages kept at most', 20),
    overflow: {
      name: 'queue.overflow',
      description: 'What happens to a message that finds the queue full',
      control: 'inline-radio',
      options: ['reject', 'drop-oldest', 'drop-newest'],
    },
    ttlMs: milliseconds('queue.ttlMs', 'Time a message may wait', 30_000),
  },
  afterEach: () => network.set(goodConditions),
} satisfies Meta<typeof Queue>
export default meta

type Story = StoryObj<typeof meta>

/** A full queue makes `sendJSON` throw `queue-full`: whoever sends has to deal with it. The default. */
export const Reject: Story = {
  play: async ({ canvas }) =>
    sendEightOffline(canvas, { fate: /^[678]\s*Refused$/, arrived: '1 2 3 4 5' }),
}

/** The oldest makes room, and a `drop` event tells which: for what gets old, such as positions. */
export const DropOldest: Story = {
  args: { overflow: 'drop-oldest' },
  play: async ({ canvas }) =>
    sendEightOffline(canvas, { fate: /^[123]\s*Dropped$/, arrived: '4 5 6 7 8' }),
}

/** The new one is not taken, which the result of `sendJSON` says. */
export const DropNewest: Story = {
  args: { overflow: 'drop-newest' },
  play: async ({ canvas }) =>
    sendEightOffline(canvas, { fate: /^[678]\s*Dropped$/, arrived: '1 2 3 4 5' }),
}

async function sendEightOffline(
  canvas: Parameters<typeof readFact>[0],
  { fate, arrived }: { readonly fate: RegExp; readonly arrived: string },
): Promise<void> {
  const patience = { timeout: 8000 }
  await canvas.findByText('Connected', {}, patience)
  await userEvent.click(canvas.getByRole('button', { name: 'Go offline' }))
  await canvas.findByText('You are offline', {}, patience)
  await userEvent.click(canvas.getByRole('button', { name: 'Send 8 messages' }))
  await waitFor(() => expect(readFact(canvas, 'Queued')).toHaveTextContent('5 of 5'))
  const lost = canvas.getAllByRole('listitem').filter(({ textContent }) => fate.test(textContent))
  await expect(lost).toHaveLength(3)
  await userEvent.click(canvas.getByRole('button', { name: 'Go online' }))
  const order = canvas.getByLabelText('Arrived at the server, in this order')
  await waitFor(() => expect(order).toHaveTextContent(arrived), patience)
  await expect(readFact(canvas, 'Queued')).toHaveTextContent('0 of 5')
}
