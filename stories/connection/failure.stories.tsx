/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent } from 'storybook/test'
import { useWebSocket, WebSocketProvider, type ReconnectOptions } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { goodConditions, network } from '../network/conditions'
import { createRoomUrl } from '../network/demo-server'
import { amount, milliseconds } from './controls'
import { Diary } from './diary'
import './connection.css'

interface FailureArgs extends Pick<ReconnectOptions, 'maxAttempts' | 'maxDelayMs'> {
  connectTimeoutMs: number
}

function Failure({ connectTimeoutMs, ...reconnect }: FailureArgs) {
  const [url] = useState(() => createRoomUrl('door'))
  return (
    <WebSocketProvider url={url} connectTimeoutMs={connectTimeoutMs} reconnect={reconnect}>
      <DemoPage
        title="Failed, and tried again by hand"
        lead="Take the server away until the retries have run out, or let it refuse this client for good."
      >
        <div className="demo-columns">
          <DemoCard title="Connection">
            <ConnectionBadge />
            <Reason />
            <ServerButtons />
          </DemoCard>
          <Diary />
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

function Reason() {
  const { error } = useWebSocket()
  return (
    <div className="connection-reason">
      <strong>{error ? error.code : 'No error'}</strong>
      <p className="demo-quiet">
        {error?.message ?? 'While it retries, nothing has failed for good.'}
      </p>
    </div>
  )
}

function ServerButtons() {
  const { status, sendJSON } = useWebSocket()
  const [isAway, setAway] = useState(false)

  function takeAway(): void {
    network.set({ isMuted: !isAway })
    if (!isAway) network.closeAll(1006)
    setAway(!isAway)
  }

  return (
    <div className="demo-row">
      <button type="button" onClick={takeAway}>
        {isAway ? 'Bring the server back' : 'Take the server away'}
      </button>
      <button
        type="button"
        disabled={status !== 'open'}
        onClick={() => sendJSON({ type: 'close', code: 4403, reason: 'Members only' })}
      >
        Refuse for good (4403)
      </button>
    </div>
  )
}

/**
 * A connection gives up when the retries have run out, or when the server closes with a code that says
 * not to come back. Then only `reconnect()` helps, and `error` says why.
 */
const meta = {
  title: 'Connection/Failure',
  component: Failure,
  tags: ['autodocs'],
  args: { maxAttempts: 3, maxDelayMs: 1000, connectTimeoutMs: 500 },
  argTypes: {
    maxAttempts: amount('reconnect.maxAttempts', 'Retries before it fails', 20),
    maxDelayMs: milliseconds('reconnect.maxDelayMs', 'Largest window of a retry', 10_000),
    connectTimeoutMs: milliseconds('connectTimeoutMs', 'Time an attempt may take', 5000),
  },
  afterEach: () => network.set(goodConditions),
} satisfies Meta<typeof Failure>
export default meta

type Story = StoryObj<typeof meta>

const patience = { timeout: 8000 }

/** Two retries are allowed, and the server does not answer them. */
export const AttemptsExhausted: Story = {
  args: { maxAttempts: 2, maxDelayMs: 100, connectTimeoutMs: 500 },
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Take the server away' }))
    await expect(await canvas.findByText('Could not connect', {}, patience)).toBeVisible()
    await expect(canvas.getByText('attempts-exhausted')).toBeVisible()
    await expect(canvas.getAllByText('Attempt failed: connect timeout')).toHaveLength(2)
    await userEvent.click(canvas.getByRole('button', { name: 'Bring the server back' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(await canvas.findByText('Connected', {}, patience)).toBeVisible()
    await expect(canvas.getByText('No error')).toBeVisible()
  },
}

/** After 4403, asking again would change nothing, so there is no retry at all. */
export const Refused: Story = {
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Refuse for good (4403)' }))
    await expect(await canvas.findByText('Could not connect')).toBeVisible()
    await expect(canvas.getByText('Closed by the server: 4403 Members only')).toBeVisible()
    await expect(canvas.getByText('closed-for-good')).toBeVisible()
    await expect(canvas.queryByText(/^retry in/)).toBeNull()
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(await canvas.findByText('Open again', {}, patience)).toBeVisible()
  },
}
