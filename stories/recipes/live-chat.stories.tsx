import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createConnection } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { LiveChat, type ChatFromServer, type ChatToServer } from '../../docs/recipes/live-chat'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

const authors = ['Ada', 'Lin']
const rooms = ['General', 'Random']

function Chat(args: ConnectionArgs) {
  const [url] = useState(() => createRoomUrl('live-chat'))
  return (
    <DemoPage
      title="Live chat"
      lead="Two people with a connection each. Write as one and watch the other, change rooms, write while the server is muted or away, and write “spam”, which the server refuses."
    >
      <ServerButtons url={url} />
      <div className="demo-columns">
        {authors.map((author) => (
          <Window key={`${author}${JSON.stringify(args)}`} url={url} author={author} args={args} />
        ))}
      </div>
    </DemoPage>
  )
}

interface WindowProps {
  readonly url: string
  readonly author: string
  readonly args: ConnectionArgs
}

function Window({ url, author, args }: WindowProps) {
  const [connection] = useState(() =>
    createConnection<ChatFromServer, ChatToServer>(url, toOptions(args)),
  )
  return (
    <DemoCard title={author}>
      <ConnectionBadge source={connection} />
      <LiveChat connection={connection} rooms={rooms} author={author} />
    </DemoCard>
  )
}

/** Rooms, who is typing, what is on its way, and a history without doubles after a lost link. */
const meta = {
  title: 'Recipes/Live chat',
  component: Chat,
  tags: ['autodocs'],
  args: connectionArgs,
  argTypes: connectionArgTypes,
} satisfies Meta<typeof Chat>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const patience = { timeout: 8000 }

/** What a visitor does and sees, in words of the chat. */
function steps(canvas: Canvas) {
  const chatOf = (author: string) =>
    within(canvas.getByRole('group', { name: `Chat of ${author}` }))
  const types = async (author: string, text: string, room = 'General') => {
    const field = chatOf(author).getByLabelText(`Message to ${room} as ${author}`)
    await userEvent.type(field, text)
  }
  return {
    chatOf,
    types,
    async says(author: string, text: string, room?: string) {
      await types(author, `${text}{Enter}`, room)
    },
    /** Once, and with a time instead of a note that it is on its way. */
    async seesDelivered(author: string, text: string) {
      const line = async () => (await chatOf(author).findByText(text, {}, patience)).closest('li')
      await waitFor(async () => expect(await line()).toHaveTextContent(/\d\d[:.]\d\d/), patience)
    },
  }
}

/** Somebody types, somebody reads, in one room and in another. */
export const Talking: Story = {
  async play({ canvas }) {
    const { chatOf, types, says, seesDelivered } = steps(canvas)
    await says('Ada', 'Good morning!')
    await seesDelivered('Ada', 'Good morning!')
    await seesDelivered('Lin', 'Good morning!')

    await types('Lin', 'Hello')
    await chatOf('Ada').findByText('Lin is typing …')
    await userEvent.keyboard('{Enter}')
    await seesDelivered('Ada', 'Hello')
    await expect(chatOf('Ada').queryByText('Lin is typing …')).toBeNull()

    await userEvent.click(chatOf('Lin').getByRole('button', { name: 'Random' }))
    await says('Lin', 'Cake in the kitchen.', 'Random')
    const random = await chatOf('Ada').findByRole('button', { name: 'Random 1 new' }, patience)
    await userEvent.click(random)
    await seesDelivered('Ada', 'Cake in the kitchen.')
    await expect(chatOf('Ada').queryByText('Good morning!')).toBeNull()
    await userEvent.click(chatOf('Ada').getByRole('button', { name: 'General' }))
    await userEvent.click(chatOf('Lin').getByRole('button', { name: 'General' }))
    await seesDelivered('Lin', 'Hello')
  },
}

/** What the server does not take is marked, with the reason and a way to try again. */
export const Refused: Story = {
  async play({ canvas }) {
    const { chatOf, says } = steps(canvas)
    await says('Ada', 'Buy my spam!')
    await chatOf('Ada').findByText('The server takes no spam.', {}, patience)
    await expect(chatOf('Ada').getByRole('button', { name: 'Send again' })).toBeVisible()
    await expect(chatOf('Lin').queryByText('Buy my spam!')).toBeNull()
  },
}

/** What is said while the server hangs is on its way until it answers. Every message is there once. */
export const LostLinks: Story = {
  args: { minDelayMs: 100 },
  async play({ canvas }) {
    const { chatOf, says, seesDelivered } = steps(canvas)
    await says('Ada', 'Before')
    await seesDelivered('Lin', 'Before')

    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }))
    await press('Mute')
    await canvas.findByText(/^The server hangs/)
    await says('Ada', 'Meanwhile')
    await chatOf('Ada').findByText('On its way …')
    await press('Unmute')
    await press('Cut')
    await says('Lin', 'After')

    for (const author of authors) {
      for (const text of ['Before', 'Meanwhile', 'After']) {
        await seesDelivered(author, text)
        await expect(chatOf(author).getAllByText(text)).toHaveLength(1)
      }
    }
  },
}
