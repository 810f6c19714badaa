import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { isWirehookError, useWebSocket, WebSocketProvider } from 'wirehook'
import { readFact } from '../connection/read-fact'
import { SocketCount } from '../connection/socket-count'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { ErrorBoundary } from './error-boundary'

/**
 * A hook that is used wrongly throws while rendering, into the error boundary above. A lost connection
 * is no such error: it is a status.
 */
function MissingSource() {
  const [url] = useState(() => createRoomUrl('echo'))
  const [hasProvider, setProvider] = useState(false)
  return (
    <DemoPage
      title="A hook without a source"
      lead="The panel names no URL, and there is no provider above it. Put one there."
    >
      <label>
        <input type="checkbox" checked={hasProvider} onChange={() => setProvider(!hasProvider)} />A
        provider above the panel
      </label>
      <DemoCard title="Panel">
        <ErrorBoundary key={String(hasProvider)} fallback={showError}>
          {hasProvider ? (
            <WebSocketProvider url={url}>
              <Panel />
            </WebSocketProvider>
          ) : (
            <Panel />
          )}
        </ErrorBoundary>
      </DemoCard>
    </DemoPage>
  )
}

function Panel() {
  const { status } = useWebSocket()
  return <DemoFacts facts={{ Status: status }} />
}

function showError(error: unknown) {
  return (
    <div role="alert">
      <strong>{isWirehookError(error) ? error.code : 'Another error'}</strong>
      <p className="demo-quiet">{(error as Error).message}</p>
    </div>
  )
}

/** A render that throws is not committed, so it never leases the connection. */
function ThrowingRender() {
  const [url] = useState(() => createRoomUrl('census'))
  const [isBroken, setBroken] = useState(true)
  const [repairs, setRepairs] = useState(0)

  function toggle(): void {
    setBroken(!isBroken)
    if (isBroken) setRepairs(repairs + 1)
  }

  return (
    <DemoPage
      title="A render that throws"
      lead="The panel asks for the connection and throws. Mend it, and break it again while it is mounted."
    >
      <label>
        <input type="checkbox" checked={isBroken} onChange={toggle} />
        The panel throws
      </label>
      <div className="demo-columns">
        <DemoCard title="Panel">
          <WebSocketProvider url={url} lingerMs={200}>
            <ErrorBoundary key={repairs} fallback={showError}>
              <FragilePanel isBroken={isBroken} />
            </ErrorBoundary>
          </WebSocketProvider>
        </DemoCard>
        <DemoCard title="Server">
          <SocketCount url={url} />
        </DemoCard>
      </div>
    </DemoPage>
  )
}

function FragilePanel({ isBroken }: { readonly isBroken: boolean }) {
  const { status } = useWebSocket()
  if (isBroken) throw new Error('This render has failed.')
  return <DemoFacts facts={{ Status: status }} />
}

const meta = { title: 'React/Error boundary', tags: ['autodocs'] } satisfies Meta
export default meta

const patience = { timeout: 8000 }

/** `missing-source` says what to do. With a provider, the same panel works. */
export const WithoutSource: StoryObj<typeof meta> = {
  render: () => <MissingSource />,
  async play({ canvas }) {
    await expect(await canvas.findByText('missing-source')).toBeVisible()
    await userEvent.click(canvas.getByRole('checkbox', { name: 'A provider above the panel' }))
    await waitFor(() => expect(readFact(canvas, 'Status')).toHaveTextContent('open'), patience)
    await expect(canvas.queryByRole('alert')).toBeNull()
  },
}

/** No socket for what never was shown, one for what is, and none again after it has thrown. */
export const NoLeak: StoryObj<typeof meta> = {
  render: () => <ThrowingRender />,
  async play({ canvas }) {
    const seesSockets = async (now: string, ever: string): Promise<void> => {
      await waitFor(() => expect(readFact(canvas, 'Sockets now')).toHaveTextContent(now), patience)
      await expect(readFact(canvas, 'Sockets ever')).toHaveTextContent(ever)
    }
    const toggle = canvas.getByRole('checkbox', { name: 'The panel throws' })
    await expect(await canvas.findByText('This render has failed.')).toBeVisible()
    await seesSockets('0', '0')
    await userEvent.click(toggle)
    await seesSockets('1', '1')
    await userEvent.click(toggle)
    await expect(await canvas.findByText('This render has failed.')).toBeVisible()
    await seesSockets('0', '1')
  },
}
