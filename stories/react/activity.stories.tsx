import type { Meta, StoryObj } from '@storybook/react-vite'
import { Activity, useId, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useLatestMessage, useWebSocket, WebSocketProvider } from 'wirehook'
import { milliseconds } from '../connection/controls'
import { readFact } from '../connection/read-fact'
import { SocketCount } from '../connection/socket-count'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'

interface ActivityArgs {
  lingerMs: number
}

function HiddenAndShown({ lingerMs }: ActivityArgs) {
  const [url] = useState(() => createRoomUrl('census'))
  const [isHidden, setHidden] = useState(false)
  return (
    <DemoPage
      title="Hidden by Activity"
      lead="Hide the panel and watch the server: the socket goes, what was written in the panel stays."
    >
      <div className="demo-row">
        <button type="button" data-primary onClick={() => setHidden(!isHidden)}>
          {isHidden ? 'Show the panel' : 'Hide the panel'}
        </button>
      </div>
      <div className="demo-columns">
        <DemoCard title="Server">
          <SocketCount url={url} />
        </DemoCard>
        <div>
          <WebSocketProvider url={url} lingerMs={lingerMs}>
            <Activity mode={isHidden ? 'hidden' : 'visible'}>
              <Panel />
            </Activity>
          </WebSocketProvider>
        </div>
      </div>
    </DemoPage>
  )
}

function Panel() {
  const { status } = useWebSocket()
  const draftId = useId()
  const welcome = useLatestMessage<{ number: number }>('welcome')
  return (
    <DemoCard title="Panel">
      <DemoFacts facts={{ Status: status, 'Socket no.': welcome?.number ?? '–' }} />
      <label htmlFor={draftId}>Draft</label>
      <input id={draftId} autoComplete="off" placeholder="Stays while the panel is hidden" />
    </DemoCard>
  )
}

/**
 * `<Activity>` hides a part of the page and keeps its state. What is hidden uses no connection: its lease
 * ends, and after `lingerMs` the socket closes. When it is shown again, it comes back by itself.
 */
const meta = {
  title: 'React/Activity',
  component: HiddenAndShown,
  tags: ['autodocs'],
  args: { lingerMs: 1000 },
  argTypes: {
    lingerMs: milliseconds(
      'lingerMs',
      'Time the socket stays when nobody uses it any more',
      10_000,
    ),
  },
} satisfies Meta<typeof HiddenAndShown>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

/** Hidden for longer than the linger time: the socket ends, and the next one follows. */
export const LongAway: Story = {
  args: { lingerMs: 200 },
  async play({ canvas }) {
    await seesSockets(canvas, { now: '1', ever: '1' })
    await userEvent.type(canvas.getByLabelText('Draft'), 'Dear all')
    await userEvent.click(canvas.getByRole('button', { name: 'Hide the panel' }))
    await seesSockets(canvas, { now: '0', ever: '1' })
    await expect(canvas.getByLabelText('Draft')).not.toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Show the panel' }))
    await seesSockets(canvas, { now: '1', ever: '2' })
    await waitFor(() => expect(readFact(canvas, 'Socket no.')).toHaveTextContent('2'))
    await expect(canvas.getByLabelText('Draft')).toHaveValue('Dear all')
  },
}

/** Back within the linger time: the socket is still there. */
export const BackSoon: Story = {
  args: { lingerMs: 10_000 },
  async play({ canvas }) {
    await seesSockets(canvas, { now: '1', ever: '1' })
    await userEvent.click(canvas.getByRole('button', { name: 'Hide the panel' }))
    await expect(canvas.getByLabelText('Draft')).not.toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Show the panel' }))
    await waitFor(() => expect(readFact(canvas, 'Status')).toHaveTextContent('open'))
    await seesSockets(canvas, { now: '1', ever: '1' })
  },
}

async function seesSockets(
  canvas: Canvas,
  { now, ever }: { readonly now: string; readonly ever: string },
): Promise<void> {
  const patience = { timeout: 8000 }
  await waitFor(() => expect(readFact(canvas, 'Sockets now')).toHaveTextContent(now), patience)
  await expect(readFact(canvas, 'Sockets ever')).toHaveTextContent(ever)
}
