/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { createCursorsConnection, LiveCursors } from '../../docs/recipes/live-cursors'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { CloseButton } from './close-button'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import './live-cursors.css'
import { ServerButtons } from './server-buttons'

const names = ['Ada', 'Lin', 'Kofi']

/** Something to point at. */
const notes = {
  Ideas: ['Dark mode', 'Emoji', 'Voice'],
  Doing: ['Cursors'],
  Done: ['Chat', 'Login'],
}

function Cursors(args: ConnectionArgs) {
  const [url] = useState(() => createRoomUrl('live-cursors'))
  return (
    <DemoPage
      title="Presence and live cursors"
      lead="Three people with a connection each. Move the mouse over one board, or point with the arrow keys, and see it on the others. Whoever leaves is gone at once."
    >
      <ServerButtons url={url} />
      <div className="demo-columns">
        {names.map((name) => (
          <Board key={`${name}${JSON.stringify(args)}`} url={url} name={name} args={args} />
        ))}
      </div>
    </DemoPage>
  )
}

interface BoardProps {
  readonly url: string
  readonly name: string
  readonly args: ConnectionArgs
}

function Board({ url, name, args }: BoardProps) {
  const [connection] = useState(() => createCursorsConnection(url, name, toOptions(args)))
  return (
    <DemoCard title={`Board of ${name}`}>
      <div className="demo-row">
        <ConnectionBadge source={connection} />
        <CloseButton connection={connection}>Leave</CloseButton>
      </div>
      <LiveCursors connection={connection}>
        <div className="cursor-board">
          {Object.entries(notes).map(([title, texts]) => (
            <ul key={title} aria-label={title}>
              {texts.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          ))}
        </div>
      </LiveCursors>
    </DemoCard>
  )
}

/** Who is here and where they point: throttled, the newest only, and gone with the link. */
const meta = {
  title: 'Recipes/Live cursors',
  component: Cursors,
  tags: ['autodocs'],
  args: connectionArgs,
  argTypes: connectionArgTypes,
} satisfies Meta<typeof Cursors>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const patience = { timeout: 8000 }

function steps(canvas: Canvas) {
  const boardOf = (name: string) => within(canvas.getByRole('region', { name: `Board of ${name}` }))
  const areaOf = (name: string) => boardOf(name).getByRole('group', { name: /^Point with/ })
  return {
    boardOf,
    areaOf,
    findPerson: (reader: string, name: string | RegExp) =>
      boardOf(reader).findByText(name, {}, patience),
    async seesCursor(reader: string, name: string, left: string) {
      const selector = `[data-cursor-of="${name}"]`
      const cursor = () => areaOf(reader).querySelector<HTMLElement>(selector)
      await waitFor(() => expect(cursor()?.style.left).toBe(left), patience)
    },
    async seesNoCursor(reader: string, name: string) {
      const selector = `[data-cursor-of="${name}"]`
      await waitFor(() => expect(areaOf(reader).querySelector(selector)).toBeNull(), patience)
    },
  }
}

/** The mouse and the arrow keys move a cursor on the boards of the others, and on no other. */
export const Pointing: Story = {
  async play({ canvas }) {
    const { areaOf, findPerson, seesCursor, seesNoCursor } = steps(canvas)
    for (const name of names)
      for (const reader of names) await findPerson(reader, new RegExp(`^${name}`))

    const { left, top, width, height } = areaOf('Ada').getBoundingClientRect()
    for (const share of [0.1, 0.2, 0.3, 0.4, 0.5, 0.75]) {
      await fireEvent.pointerMove(areaOf('Ada'), {
        clientX: left + share * width,
        clientY: top + height / 2,
      })
    }
    await seesCursor('Lin', 'Ada', '75%')
    await seesCursor('Kofi', 'Ada', '75%')
    await seesNoCursor('Ada', 'Ada')

    areaOf('Lin').focus()
    await userEvent.keyboard('{ArrowRight}')
    await seesCursor('Ada', 'Lin', '54%')
    areaOf('Lin').blur()
    await seesNoCursor('Ada', 'Lin')
  },
}

/** Whoever leaves is gone from the others' boards, and is back with a new link. */
export const Leaving: Story = {
  async play({ canvas }) {
    const { boardOf, findPerson } = steps(canvas)
    await findPerson('Lin', 'Ada')
    await findPerson('Lin', 'Kofi')
    await userEvent.click(await boardOf('Ada').findByRole('button', { name: 'Leave' }, patience))
    await waitFor(() => expect(boardOf('Lin').queryByText('Ada')).toBeNull(), patience)
    await expect(boardOf('Lin').getByText('Kofi')).toBeVisible()

    await userEvent.click(await boardOf('Ada').findByRole('button', { name: 'Connect' }, patience))
    await findPerson('Lin', 'Ada')
    await findPerson('Ada', 'Ada (you)')
  },
}
