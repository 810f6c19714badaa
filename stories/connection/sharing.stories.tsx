/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useWebSocket, WebSocketProvider } from 'wirehook'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { milliseconds } from './controls'
import { readFact } from './read-fact'
import { SocketCount } from './socket-count'
import './connection.css'

interface SharingArgs {
  lingerMs: number
}

function Sharing({ lingerMs }: SharingArgs) {
  const [url] = useState(() => createRoomUrl('census'))
  const [count, setCount] = useState(1)
  const [hasOwn, setOwn] = useState(false)
  return (
    <DemoPage
      title="One socket for many components"
      lead="Mount as many as you like. Take them all away, and the socket closes a moment later."
    >
      <div className="demo-row">
        <button type="button" data-primary onClick={() => setCount(count + 10)}>
          Mount 10 more
        </button>
        <button type="button" disabled={count === 0} onClick={() => setCount(0)}>
          Unmount them
        </button>
        <label>
          <input type="checkbox" checked={hasOwn} onChange={() => setOwn(!hasOwn)} />
          One with a key of its own
        </label>
      </div>
      <DemoCard title="Server">
        <SocketCount url={url} />
      </DemoCard>
      <DemoCard title={`Components: ${count + Number(hasOwn)}`}>
        <WebSocketProvider lingerMs={lingerMs}>
          <ul className="members">
            {Array.from({ length: count }, (_, index) => (
              <Member key={index} url={url} />
            ))}
            {hasOwn && <Member url={url} name="own" />}
          </ul>
        </WebSocketProvider>
      </DemoCard>
    </DemoPage>
  )
}

function Member({ url, name }: { readonly url: string; readonly name?: string }) {
  const { status } = useWebSocket(url, name === undefined ? {} : { key: name })
  return (
    <li data-status={status} data-own={name}>
      {status}
    </li>
  )
}

/**
 * However many components name a URL, they share one socket. The server counts, not this page. A `key`
 * gives a component a connection apart from the others.
 */
const meta = {
  title: 'Connection/Sharing',
  component: Sharing,
  tags: ['autodocs'],
  args: { lingerMs: 1000 },
  argTypes: {
    lingerMs: milliseconds(
      'lingerMs',
      'Time the socket stays after the last component has gone',
      10_000,
    ),
  },
} satisfies Meta<typeof Sharing>
export default meta

const patience = { timeout: 8000 }

/** 21 components, one socket; one more with a key, two; nobody, none. */
export const OneSocket: StoryObj<typeof meta> = {
  args: { lingerMs: 200 },
  async play({ canvas }) {
    const sees = async (open: number, opened: number): Promise<void> =>
      waitFor(async () => {
        await expect(readFact(canvas, 'Sockets now')).toHaveTextContent(`${open}`)
        await expect(readFact(canvas, 'Sockets ever')).toHaveTextContent(`${opened}`)
      }, patience)

    await sees(1, 1)
    await userEvent.click(canvas.getByRole('button', { name: 'Mount 10 more' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Mount 10 more' }))
    await waitFor(() => expect(canvas.getAllByText('open')).toHaveLength(21), patience)
    await sees(1, 1)
    await userEvent.click(canvas.getByRole('checkbox', { name: 'One with a key of its own' }))
    await sees(2, 2)
    await userEvent.click(canvas.getByRole('button', { name: 'Unmount them' }))
    await sees(1, 2)
    await userEvent.click(canvas.getByRole('checkbox', { name: 'One with a key of its own' }))
    await sees(0, 2)
    await userEvent.click(canvas.getByRole('button', { name: 'Mount 10 more' }))
    await sees(1, 3)
  },
}
