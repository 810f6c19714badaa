import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createConnection } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { SharedTodos, type TodosFromServer } from '../../docs/recipes/shared-todos'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

interface TodosArgs extends ConnectionArgs {
  /** How long the server thinks before it answers, in milliseconds. */
  answerMs: number
}

const names = ['Ada', 'Lin']

function Todos(args: TodosArgs) {
  const [url] = useState(() => createRoomUrl('shared-todos'))
  return (
    <DemoPage
      title="Shared todos"
      lead="Two people, one list. What you change shows at once. The party is locked: try to tick it off, and the server takes it back and says why."
    >
      <ServerButtons url={url} />
      <div className="demo-columns">
        {names.map((name) => (
          <List key={`${name}${JSON.stringify(args)}`} url={url} name={name} args={args} />
        ))}
      </div>
    </DemoPage>
  )
}

interface ListProps {
  readonly url: string
  readonly name: string
  readonly args: TodosArgs
}

function List({ url, name, args }: ListProps) {
  const [connection] = useState(() =>
    createConnection<TodosFromServer>(`${url}?answerMs=${args.answerMs}`, toOptions(args)),
  )
  return (
    <DemoCard title={name}>
      <ConnectionBadge source={connection} />
      <SharedTodos connection={connection} />
    </DemoCard>
  )
}

/** Requests that show before they are answered, and are taken back if the answer is no. */
const meta = {
  title: 'Recipes/Shared todos',
  component: Todos,
  tags: ['autodocs'],
  args: { ...connectionArgs, answerMs: 800 },
  argTypes: {
    ...connectionArgTypes,
    answerMs: {
      name: 'The server thinks for',
      control: { type: 'range', min: 0, max: 5000, step: 100 },
    },
  },
} satisfies Meta<typeof Todos>
export default meta

type Story = StoryObj<typeof meta>

const patience = { timeout: 8000 }

/** A change shows here at once, there when the server has agreed. */
export const Agreed: Story = {
  args: { answerMs: 1000 },
  async play({ canvas }) {
    const list = (name: string) => within(canvas.getByRole('region', { name }))
    await userEvent.click(await list('Ada').findByLabelText('Water the plants', {}, patience))
    await expect(list('Ada').getByLabelText('Water the plants')).toBeChecked()
    await expect(list('Ada').getByText('saving …')).toBeVisible()
    await waitFor(
      () => expect(list('Lin').getByLabelText('Water the plants')).toBeChecked(),
      patience,
    )

    await userEvent.type(list('Lin').getByLabelText('New todo'), 'Invite Kofi{Enter}')
    await expect(list('Lin').getByText('Invite Kofi')).toBeVisible()
    await list('Ada').findByText('Invite Kofi', {}, patience)
    await userEvent.click(list('Ada').getByRole('button', { name: 'Remove Invite Kofi' }))
    await expect(list('Ada').queryByText('Invite Kofi')).toBeNull()
    await waitFor(() => expect(list('Lin').queryByText('Invite Kofi')).toBeNull(), patience)
    await waitFor(() => expect(canvas.queryByText('saving …')).toBeNull(), patience)
  },
}

/** A change that the server refuses is taken back, and the others never see it. */
export const TakenBack: Story = {
  args: { answerMs: 1000 },
  async play({ canvas }) {
    const ada = within(canvas.getByRole('region', { name: 'Ada' }))
    const party = await ada.findByLabelText('Have the party on Friday (locked)', {}, patience)
    await userEvent.click(party)
    await expect(party).toBeChecked()
    await ada.findByText('Taken back: The party is on Friday, whatever you do.', {}, patience)
    await waitFor(() => expect(party).not.toBeChecked(), patience)
    await expect(ada.queryByText('saving …')).toBeNull()
  },
}

/** What is changed while the links are lost is sent with the next ones, once. */
export const LostLinks: Story = {
  args: { answerMs: 0, minDelayMs: 60_000 },
  async play({ canvas }) {
    const list = (name: string) => within(canvas.getByRole('region', { name }))
    for (const name of names) await list(name).findByText('Buy a cake', {}, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Cut' }))
    await list('Ada').findByText('Connection lost', {}, patience)
    await list('Lin').findByText('Connection lost', {}, patience)
    await userEvent.type(list('Ada').getByLabelText('New todo'), 'Buy candles{Enter}')
    await expect(list('Ada').getByText('Buy candles')).toBeVisible()
    await expect(list('Ada').getByText('saving …')).toBeVisible()
    await userEvent.click(list('Lin').getByRole('button', { name: 'Retry now' }))
    await userEvent.click(list('Ada').getByRole('button', { name: 'Retry now' }))
    await list('Lin').findByText('Buy candles', {}, patience)
    await waitFor(() => expect(canvas.queryByText('saving …')).toBeNull(), patience)
    await expect(list('Ada').getAllByText('Buy candles')).toHaveLength(1)
  },
}
