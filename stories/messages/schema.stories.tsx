/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import {
  createConnection,
  useMessageReducer,
  useWebSocket,
  type InvalidMessage,
  type SchemaIssue,
} from 'wirehook'
import * as zod from 'zod'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { readFact } from '../connection/read-fact'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { NotePad } from './note-pad'
import './messages.css'

const celsius = zod
  .number()
  .min(-90, 'Colder than it ever was.')
  .max(60, 'Hotter than it ever was.')
const reading = zod.object({ type: zod.literal('echo'), celsius })

/** What the server can be made to say. */
const sayings = {
  '21.5 °C': { celsius: 21.5 },
  '“warm”': { celsius: 'warm' },
  '900 °C': { celsius: 900 },
  Nothing: {},
}

/** `onInvalid` is given to the connection, and heard by the component that shows it. */
function createStation(onInvalid: (invalid: InvalidMessage) => void) {
  return createConnection(createRoomUrl('echo'), { incoming: reading, onInvalid })
}

function Incoming() {
  const [refused, setRefused] = useState<readonly InvalidMessage[]>([])
  const [station] = useState(() =>
    createStation((invalid) => setRefused((before) => [invalid, ...before])),
  )
  const { invalidMessages, connection } = useWebSocket(station)
  const last = useMessageReducer((_, message) => message.celsius, NaN, { source: station })
  return (
    <DemoPage
      title="Messages that do not fit"
      lead="Let the server say what the schema knows, and what it does not."
    >
      <div className="demo-row">
        {Object.entries(sayings).map(([name, saying]) => (
          <button key={name} type="button" onClick={() => connection?.sendJSON(saying)}>
            {name}
          </button>
        ))}
      </div>
      <div className="demo-columns">
        <DemoCard title="Connection">
          <ConnectionBadge source={station} />
          <DemoFacts
            facts={{
              'Last valid': Number.isNaN(last) ? '–' : `${last} °C`,
              'Refused so far': invalidMessages,
            }}
          />
        </DemoCard>
        <DemoCard title="Refused, newest first">
          <ol className="issues" tabIndex={0} aria-label="Refused messages">
            {refused.map(({ data, issues }, index) => (
              <li key={refused.length - index}>
                <code>{typeof data === 'string' ? data : JSON.stringify(data)}</code>
                <Issues issues={issues} />
              </li>
            ))}
          </ol>
        </DemoCard>
      </div>
    </DemoPage>
  )
}

function Issues({ issues }: { readonly issues: readonly SchemaIssue[] }) {
  return (
    <p className="demo-quiet">
      {issues
        .map(({ path = [], message }) => `${path.map(nameOf).join('.')}: ${message}`)
        .join(' ')}
    </p>
  )
}

function nameOf(part: NonNullable<SchemaIssue['path']>[number]): string {
  return String(typeof part === 'object' ? part.key : part)
}

/**
 * `incoming` takes any Standard Schema, here one of zod. A message that does not fit is counted, told
 * to `onInvalid` and left out; the connection stays open, and whoever reads gets what fits.
 */
const meta = {
  title: 'Messages/Schema',
  component: Incoming,
  tags: ['autodocs'],
} satisfies Meta<typeof Incoming>
export default meta

type Story = StoryObj<typeof meta>

/** Three of four are refused, each for its own reason. */
export const RefusedMessages: Story = {
  async play({ canvas }) {
    await canvas.findByText('Connected', {}, { timeout: 8000 })
    for (const name of Object.keys(sayings)) {
      await userEvent.click(canvas.getByRole('button', { name }))
    }
    await waitFor(() => expect(readFact(canvas, 'Refused so far')).toHaveTextContent('3'))
    await expect(readFact(canvas, 'Last valid')).toHaveTextContent('21.5 °C')
    await expect(canvas.getByText('celsius: Hotter than it ever was.')).toBeVisible()
    await expect(canvas.getByText('Connected')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: '21.5 °C' }))
  },
}

/** `outgoing` checks what is sent, before it takes a place in the queue: `sendJSON` throws. */
export const Outgoing: Story = {
  render: () => <NotePad />,
  async play({ canvas }) {
    const send = canvas.getByRole('button', { name: 'Send' })
    await userEvent.click(send)
    await expect(await canvas.findByText('invalid-message: Say something.')).toBeVisible()
    await userEvent.type(canvas.getByLabelText('Note'), 'Hello')
    await userEvent.click(send)
    await expect(await canvas.findByText(/^(sent|queued)$/)).toBeVisible()
  },
}
