import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, within } from 'storybook/test'
import { createConnection, useWebSocket } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import {
  Notifications,
  type NoticesFromServer,
  type NoticesToServer,
} from '../../docs/recipes/notifications'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { CloseButton } from './close-button'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

/** Stands for all the rest of the app, whose server has something to tell. */
interface Publish {
  readonly type: 'publish'
  readonly text: string
}

const happenings = ['The build is green', 'Lin has commented', 'Your export is ready']
const devices = ['Desk', 'Phone']

function Bells(args: ConnectionArgs) {
  const [url] = useState(() => createRoomUrl('notifications'))
  return (
    <DemoPage
      title="Notifications"
      lead="One user, two devices. Let something happen, read it on one of them, and see the badge go on the other. A screen reader hears what is new."
    >
      <ServerButtons url={url} />
      <Happenings url={url} />
      <div className="demo-columns">
        {devices.map((name) => (
          <Device key={`${name}${JSON.stringify(args)}`} url={url} name={name} args={args} />
        ))}
      </div>
    </DemoPage>
  )
}

function Happenings({ url }: { readonly url: string }) {
  const { sendJSON } = useWebSocket<unknown, Publish>(url)
  return (
    <div className="demo-row" role="group" aria-label="Let something happen">
      <span className="demo-quiet">News</span>
      {happenings.map((text) => (
        <button key={text} type="button" onClick={() => sendJSON({ type: 'publish', text })}>
          {text}
        </button>
      ))}
    </div>
  )
}

interface DeviceProps {
  readonly url: string
  readonly name: string
  readonly args: ConnectionArgs
}

function Device({ url, name, args }: DeviceProps) {
  const [connection] = useState(() =>
    createConnection<NoticesFromServer, NoticesToServer>(url, toOptions(args)),
  )
  return (
    <DemoCard title={name}>
      <div className="demo-row">
        <ConnectionBadge source={connection} />
        <CloseButton connection={connection}>Disconnect</CloseButton>
      </div>
      <Notifications connection={connection} />
    </DemoCard>
  )
}

/** A badge that counts what is unread, a list to read it, and one truth for all devices. */
const meta = {
  title: 'Recipes/Notifications',
  component: Bells,
  tags: ['autodocs'],
  args: connectionArgs,
  argTypes: connectionArgTypes,
} satisfies Meta<typeof Bells>
export default meta

const patience = { timeout: 8000 }

/** Told to both, announced, read on one, and read on the other. */
export const Reading: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const on = (name: string) => within(canvas.getByRole('region', { name }))
    const bellOn = (device: string, name: string) =>
      on(device).findByRole('button', { name: `Notifications, ${name} unread` }, patience)
    const happens = (text: string) => userEvent.click(canvas.getByRole('button', { name: text }))

    await on('Desk').findByText('Connected', {}, patience)
    await happens('The build is green')
    await happens('Lin has commented')
    const bell = await bellOn('Desk', '2')
    await bellOn('Phone', '2')
    const announcements = on('Desk').getAllByRole('status')
    await expect(announcements.map((one) => one.textContent)).toContain('Lin has commented')

    await userEvent.click(bell)
    await userEvent.click(
      on('Desk').getByRole('button', { name: 'Mark as read: The build is green' }),
    )
    await bellOn('Phone', '1')
    await happens('Your export is ready')
    await bellOn('Desk', '2')
    await userEvent.click(on('Desk').getByRole('button', { name: 'Mark all as read' }))
    await bellOn('Phone', '0')

    on('Desk')
      .getByRole('button', { name: /^Notifications/ })
      .focus()
    await userEvent.keyboard('{Escape}')
    await expect(bell).toHaveAttribute('aria-expanded', 'false')
    await userEvent.keyboard('{Enter}')
    await expect(bell).toHaveAttribute('aria-expanded', 'true')
    await happens('Lin has commented')
    await bellOn('Phone', '1')
  },
}

/** What happened while the link was gone is in the inbox of the next one; what was read then is told. */
export const Missed: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const on = (name: string) => within(canvas.getByRole('region', { name }))
    const bellOn = (device: string, name: string) =>
      on(device).findByRole('button', { name: `Notifications, ${name} unread` }, patience)
    const press = async (device: string, name: string) =>
      userEvent.click(await on(device).findByRole('button', { name }, patience))
    const happens = (text: string) => userEvent.click(canvas.getByRole('button', { name: text }))

    await happens('The build is green')
    await bellOn('Desk', '1')
    await bellOn('Phone', '1')
    await press('Phone', 'Disconnect')
    await happens('Lin has commented')
    await bellOn('Desk', '2')

    await press('Phone', 'Notifications, 1 unread')
    await press('Phone', 'Mark all as read')
    await bellOn('Phone', '0')
    await bellOn('Desk', '2')
    await press('Phone', 'Connect')
    await bellOn('Phone', '1')
    await bellOn('Desk', '1')
  },
}
