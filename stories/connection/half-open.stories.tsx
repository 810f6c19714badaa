import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { useWebSocket, WebSocketProvider, type HeartbeatOptions } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { goodConditions, network } from '../network/conditions'
import { createRoomUrl } from '../network/demo-server'
import { milliseconds } from './controls'

type HeartbeatArgs = Required<Pick<HeartbeatOptions, 'intervalMs' | 'timeoutMs'>>

function HalfOpen(heartbeat: HeartbeatArgs) {
  const [mutedAt, setMutedAt] = useState<number>()
  const isMuted = mutedAt !== undefined

  function toggle(): void {
    network.set({ isMuted: !isMuted })
    setMutedAt(isMuted ? undefined : Date.now())
  }

  return (
    <DemoPage
      title="Half open"
      lead="Mute the network: sockets stay open, and nothing comes through any more."
    >
      <div className="demo-row">
        <button type="button" data-primary onClick={toggle}>
          {isMuted ? 'Unmute the network' : 'Mute the network'}
        </button>
      </div>
      <div className="demo-columns">
        <Link title="With a heartbeat" heartbeat={heartbeat} mutedAt={mutedAt} />
        <Link title="Without a heartbeat" heartbeat={false} mutedAt={mutedAt} />
      </div>
    </DemoPage>
  )
}

interface LinkProps {
  readonly title: string
  readonly heartbeat: HeartbeatOptions | false
  readonly mutedAt: number | undefined
}

function Link({ title, heartbeat, mutedAt }: LinkProps) {
  const [url] = useState(() => createRoomUrl('echo'))
  return (
    <WebSocketProvider
      url={url}
      heartbeat={heartbeat}
      connectTimeoutMs={1000}
      reconnect={{ maxDelayMs: 500 }}
    >
      <DemoCard title={title}>
        <ConnectionBadge />
        <LinkFacts mutedAt={mutedAt} />
      </DemoCard>
    </WebSocketProvider>
  )
}

function LinkFacts({ mutedAt }: Pick<LinkProps, 'mutedAt'>) {
  const [lastLatencyMs, setLastLatency] = useState<number | null>(null)
  const [loss, setLoss] = useState<{ latencyMs: number | null; noticedAfterMs: number }>()
  const { latencyMs } = useWebSocket(undefined, {
    onClose({ at, error }) {
      if (error?.code !== 'heartbeat-timeout' || mutedAt === undefined) return
      setLoss({ latencyMs: lastLatencyMs, noticedAfterMs: at - mutedAt })
    },
  })
  if (latencyMs !== null && latencyMs !== lastLatencyMs) setLastLatency(latencyMs)
  return (
    <DemoFacts
      facts={{
        'Round trip now': inMilliseconds(latencyMs),
        'Before the loss': inMilliseconds(loss?.latencyMs),
        'Noticed after': inMilliseconds(loss?.noticedAfterMs),
      }}
    />
  )
}

function inMilliseconds(value: number | null | undefined): string {
  return value == null ? '–' : `${value} ms`
}

/**
 * A link may die without a word: a laptop changes its network, a router forgets. The browser goes on
 * showing the socket as open. Only who asks, and gets no answer, notices. Args are the option
 * `heartbeat` of the first connection; the second one has none.
 */
const meta = {
  title: 'Connection/Half open',
  component: HalfOpen,
  tags: ['autodocs'],
  args: { intervalMs: 1000, timeoutMs: 1000 },
  argTypes: {
    intervalMs: milliseconds('heartbeat.intervalMs', 'Silence before a ping', 30_000),
    timeoutMs: milliseconds('heartbeat.timeoutMs', 'Time an answer may take', 10_000),
  },
  afterEach: () => network.set(goodConditions),
} satisfies Meta<typeof HalfOpen>
export default meta

const patience = { timeout: 8000 }

/** Silence, a ping, and no answer to it: after the sum of both times the socket is replaced. */
export const Noticed: StoryObj<typeof meta> = {
  args: { intervalMs: 300, timeoutMs: 300 },
  async play({ canvas }) {
    const watched = within(canvas.getByRole('region', { name: 'With a heartbeat' }))
    const other = within(canvas.getByRole('region', { name: 'Without a heartbeat' }))
    const fact = (name: string) => watched.getByText(name).nextElementSibling
    await other.findByText('Connected', {}, patience)
    await waitFor(() => expect(fact('Round trip now')).toHaveTextContent(/\d ms/), patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Mute the network' }))
    await watched.findByText('Connection lost', {}, patience)
    await expect(Number.parseInt(fact('Noticed after')?.textContent ?? '', 10)).toBeLessThan(2000)
    await expect(other.getByText('Connected')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Unmute the network' }))
    await watched.findByText('Connected', {}, patience)
    await expect(fact('Before the loss')).toHaveTextContent(/\d ms/)
    await waitFor(() => expect(fact('Round trip now')).toHaveTextContent(/\d ms/), patience)
  },
}
