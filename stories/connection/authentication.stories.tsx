import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useWebSocket, WebSocketProvider } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { milliseconds } from './controls'
import { Diary } from './diary'
import { readFact } from './read-fact'
import { useSignIn } from './use-sign-in'

interface AuthenticationArgs {
  by: 'handshake' | 'params'
  lifetimeMs: number
}

function Authentication({ by, lifetimeMs }: AuthenticationArgs) {
  const [url] = useState(() => createRoomUrl('token'))
  const [isSignedOut, setSignedOut] = useState(false)
  const { fetched, fetchToken } = useSignIn(isSignedOut ? 0 : lifetimeMs)
  return (
    <WebSocketProvider
      key={by}
      url={url}
      reconnect={{ stableAfterMs: 500 }}
      params={async ({ lastClose }) =>
        by === 'params' ? { token: await fetchToken(lastClose?.code === 4401) } : {}
      }
      handshake={async ({ sendJSON, receive, lastClose }) => {
        if (by === 'handshake') {
          sendJSON({ type: 'auth', token: await fetchToken(lastClose?.code === 4401) })
        }
        await receive<{ type: string }>(({ type }) => type === 'auth-ok')
      }}
    >
      <DemoPage
        title="Tokens that expire"
        lead="Let the token expire: a fresh one is fetched once. Sign out first, and the fresh one is refused, too."
      >
        <div className="demo-columns">
          <DemoCard title="Connection">
            <ConnectionBadge />
            <Facts fetched={fetched} />
            <div className="demo-row">
              <ExpireButton />
              <label>
                <input
                  type="checkbox"
                  checked={isSignedOut}
                  onChange={() => setSignedOut(!isSignedOut)}
                />
                Signed out
              </label>
            </div>
          </DemoCard>
          <Diary />
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

function Facts({ fetched }: { readonly fetched: number }) {
  const { error } = useWebSocket()
  return <DemoFacts facts={{ 'Tokens fetched': fetched, Error: error?.code ?? '–' }} />
}

function ExpireButton() {
  const { status, sendJSON } = useWebSocket()
  return (
    <button
      type="button"
      data-primary
      disabled={status !== 'open'}
      onClick={() => sendJSON({ type: 'revoke' })}
    >
      Let the token expire
    </button>
  )
}

/**
 * The server wants a token, and closes with 4401 when its time is over. The connection asks for a fresh
 * one and is back before anybody notices. If that is refused as well, it fails with `unauthorized`.
 */
const meta = {
  title: 'Connection/Authentication',
  component: Authentication,
  tags: ['autodocs'],
  args: { by: 'handshake', lifetimeMs: 20_000 },
  argTypes: {
    by: {
      description: 'How the token gets to the server',
      control: 'inline-radio',
      options: ['handshake', 'params'],
    },
    lifetimeMs: milliseconds('lifetimeMs', 'How long a token lives', 60_000),
  },
} satisfies Meta<typeof Authentication>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const patience = { timeout: 8000 }

/** The token is the first message. The connection is not `open` before the server has taken it. */
export const Handshake: Story = { play: async ({ canvas }) => expireOnce(canvas) }

/** The token is a query parameter, asked for on every attempt. */
export const Params: Story = {
  args: { by: 'params' },
  play: async ({ canvas }) => expireOnce(canvas),
}

/** Two in a row are refused: asking a third time would not help, signing in does. */
export const RefusedTwice: Story = {
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('checkbox', { name: 'Signed out' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Let the token expire' }))
    await expect(await canvas.findByText('Could not connect', {}, patience)).toBeVisible()
    await expect(readFact(canvas, 'Error')).toHaveTextContent('unauthorized')
    await expect(readFact(canvas, 'Tokens fetched')).toHaveTextContent('2')
    await userEvent.click(canvas.getByRole('checkbox', { name: 'Signed out' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(await canvas.findByText('Connected', {}, patience)).toBeVisible()
    await expect(readFact(canvas, 'Tokens fetched')).toHaveTextContent('3')
  },
}

async function expireOnce(canvas: Canvas): Promise<void> {
  await canvas.findByText('Connected', {}, patience)
  await waitFor(() => expect(readFact(canvas, 'Tokens fetched')).toHaveTextContent('1'))
  await userEvent.click(canvas.getByRole('button', { name: 'Let the token expire' }))
  await expect(await canvas.findByText('Closed by the server: 4401 Token revoked')).toBeVisible()
  await expect(await canvas.findByText('Open again', {}, patience)).toBeVisible()
  await expect(readFact(canvas, 'Tokens fetched')).toHaveTextContent('2')
}
