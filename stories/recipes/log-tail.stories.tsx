import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { createConnection, useWebSocket, type Connection } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { LogTail, type LogLine } from '../../docs/recipes/log-tail'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

/** Stands for a program that has much to say. */
type ToProgram =
  | { readonly type: 'rate'; readonly perSecond: number }
  | { readonly type: 'burst'; readonly lines: number }

interface LogArgs extends ConnectionArgs {
  /** Lines that the program writes in a second. */
  perSecond: number
  /** Lines that are kept. */
  limit: number
}

function Log({ perSecond, limit, ...args }: LogArgs) {
  const [url] = useState(() => createRoomUrl('log-tail'))
  return (
    <DemoPage
      title="Log tail"
      lead="Thousands of lines are kept, and those in sight are drawn. Scroll up and it stops following; filter it; let the program write more than anybody can read."
    >
      <ServerButtons url={url} />
      <Tail key={JSON.stringify(args)} url={url} perSecond={perSecond} limit={limit} args={args} />
    </DemoPage>
  )
}

interface TailProps extends Pick<LogArgs, 'perSecond' | 'limit'> {
  readonly url: string
  readonly args: ConnectionArgs
}

function Tail({ url, perSecond, limit, args }: TailProps) {
  const [connection] = useState(() => createConnection<LogLine, ToProgram>(url, toOptions(args)))
  useRate(connection, perSecond)
  return (
    <DemoCard title="Log">
      <div className="demo-row">
        <ConnectionBadge source={connection} />
        <button type="button" onClick={() => connection.sendJSON({ type: 'burst', lines: 3000 })}>
          Write 3,000 lines
        </button>
      </div>
      <LogTail connection={connection} limit={limit} />
    </DemoCard>
  )
}

function useRate(connection: Connection<LogLine, ToProgram>, perSecond: number): void {
  const { status, sendJSON } = useWebSocket(connection)
  useEffect(() => {
    if (status === 'open') sendJSON({ type: 'rate', perSecond }, { whenClosed: 'drop' })
  }, [status, sendJSON, perSecond])
}

/** A bounded list in a virtual one, with follow, pause and filter. */
const meta = {
  title: 'Recipes/Log tail',
  component: Log,
  tags: ['autodocs'],
  args: { ...connectionArgs, perSecond: 20, limit: 5000 },
  argTypes: {
    ...connectionArgTypes,
    perSecond: {
      name: 'Lines per second',
      control: { type: 'range', min: 0, max: 2000, step: 20 },
    },
    limit: { control: { type: 'range', min: 100, max: 20_000, step: 100 } },
  },
} satisfies Meta<typeof Log>
export default meta

const patience = { timeout: 8000 }

/** It follows the end of a growing log, of which few lines are in the page. */
export const Following: StoryObj<typeof meta> = {
  args: { perSecond: 0, limit: 4000 },
  async play({ canvas }) {
    const log = canvas.getByRole('log', { name: 'Lines' })
    const write = () => userEvent.click(canvas.getByRole('button', { name: 'Write 3,000 lines' }))
    await canvas.findByText('Connected', {}, patience)
    await write()
    await canvas.findByText('3000 of 3000 lines', {}, patience)
    await write()
    await canvas.findByText('4000 of 4000 lines', {}, patience)
    // The 6,000th, which nobody had to scroll to.
    await waitFor(
      () =>
        expect(log.lastElementChild?.lastElementChild).toHaveTextContent(
          '/api/orders 200 in 60 ms',
        ),
      patience,
    )
    await expect(log.scrollHeight - log.scrollTop - log.clientHeight).toBeLessThan(2)
    await expect(log.firstElementChild?.childElementCount).toBeLessThan(60)
  },
}

/** Whoever scrolls up is left alone with what they read, and told how much is new. */
export const Reading: StoryObj<typeof meta> = {
  args: { perSecond: 0 },
  async play({ canvas }) {
    const log = canvas.getByRole('log', { name: 'Lines' })
    const write = () => userEvent.click(canvas.getByRole('button', { name: 'Write 3,000 lines' }))
    await canvas.findByText('Connected', {}, patience)
    await write()
    await canvas.findByText('3000 of 3000 lines', {}, patience)

    log.scrollTop = 1100
    await canvas.findByRole('button', { name: 'Follow' }, patience)
    await write()
    await canvas.findByRole('button', { name: 'Follow (3000 new)' }, patience)
    await expect(log.scrollTop).toBe(1100)

    await userEvent.click(canvas.getByRole('button', { name: 'Follow (3000 new)' }))
    await canvas.findByText('5000 of 5000 lines', {}, patience)
    await waitFor(() => expect(log.scrollHeight - log.scrollTop - log.clientHeight).toBeLessThan(2))
  },
}

/** By text and by level, in what is kept. */
export const Filtering: StoryObj<typeof meta> = {
  args: { perSecond: 0 },
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Write 3,000 lines' }))
    await canvas.findByText('3000 of 3000 lines', {}, patience)
    await userEvent.selectOptions(canvas.getByLabelText('Lowest level'), 'error')
    await canvas.findByText('56 of 3000 lines', {}, patience)
    await userEvent.type(canvas.getByLabelText('Only lines with this text'), 'LOGIN')
    await canvas.findByText('11 of 3000 lines', {}, patience)
    await userEvent.clear(canvas.getByLabelText('Only lines with this text'))
    await canvas.findByText('56 of 3000 lines', {}, patience)
  },
}
