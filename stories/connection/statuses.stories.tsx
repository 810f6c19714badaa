import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, within } from 'storybook/test'
import { createConnection, type Connection, type ConnectionStatus } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'

/** A connection for each status, and what brings it there. */
function createConnections(): Record<ConnectionStatus, Connection | null> {
  const room = createRoomUrl('echo')
  const reconnect = { minDelayMs: 60_000, maxDelayMs: 60_000 }
  return {
    // Whoever reads a connection uses it; `null` is how to name none.
    idle: null,
    connecting: createConnection(room, {
      params: async () => new Promise(() => {}),
      connectTimeoutMs: Infinity,
    }),
    open: createConnection(room),
    reconnecting: createConnection(`${room}?closeWith=1012`, { reconnect }),
    closed: createClosed(room),
    failed: createConnection(`${room}?closeWith=4403`),
  }
}

/** Opened, and then closed by us; whoever connects again stays. */
function createClosed(room: string): Connection {
  const connection = createConnection(room)
  const forget = connection.on('open', () => {
    forget()
    connection.close()
  })
  return connection
}

const explanations: Record<ConnectionStatus, string> = {
  idle: 'Nobody uses the connection yet: no hook and no lease.',
  connecting: 'The first attempt. Here it waits for a token that never comes.',
  open: 'The handshake is complete and what waited has been sent.',
  reconnecting: 'The server closed with 1012. It will be tried again, after a random delay.',
  closed: 'close() was called, so nothing happens until reconnect() is.',
  failed: 'The server closed with 4403, which no retry would change. error says why.',
}

function Statuses() {
  const [connections] = useState(createConnections)
  return (
    <DemoPage title="Six statuses" lead="All that a connection can be, and what a user should see.">
      <div className="demo-columns">
        {Object.entries(connections).map(([status, connection]) => (
          <DemoCard key={status} title={status}>
            <p className="demo-quiet">{explanations[status as ConnectionStatus]}</p>
            <ConnectionBadge source={connection} />
          </DemoCard>
        ))}
      </div>
    </DemoPage>
  )
}

const meta = {
  title: 'Connection/Statuses',
  component: Statuses,
  tags: ['autodocs'],
} satisfies Meta<typeof Statuses>
export default meta

export const AllStatuses: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const card = (name: string) => within(canvas.getByRole('region', { name }))
    await expect(card('idle').getByText('Not connected')).toBeVisible()
    await expect(await card('connecting').findByText('Connecting …')).toBeVisible()
    await expect(await card('open').findByText('Connected')).toBeVisible()
    await expect(await card('reconnecting').findByText('Connection lost')).toBeVisible()
    await expect(card('reconnecting').getByRole('button', { name: 'Retry now' })).toBeVisible()
    await expect(await card('closed').findByText('Disconnected')).toBeVisible()
    await expect(await card('failed').findByText('Could not connect')).toBeVisible()
  },
}
