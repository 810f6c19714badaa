import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useWebSocket } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { createStreamConnection, TokenStream } from '../../docs/recipes/token-stream'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import {
  connectionArgs,
  connectionArgTypes,
  toOptions,
  type ConnectionArgs,
} from './connection-options'
import { ServerButtons } from './server-buttons'

interface StreamArgs extends ConnectionArgs {
  /** Milliseconds that the server needs for a token. */
  everyMs: number
}

function Stream(args: StreamArgs) {
  const [url] = useState(() => createRoomUrl('token-stream'))
  return (
    <DemoPage
      title="Token stream"
      lead="Ask something, and cut the link in the middle of the answer: it goes on where it was. Let the server forget its answers first, and the page says that this one was cut off."
    >
      <ServerButtons url={url}>
        <ForgetButton url={url} />
      </ServerButtons>
      <Conversation key={JSON.stringify(args)} url={url} args={args} />
    </DemoPage>
  )
}

function ForgetButton({ url }: { readonly url: string }) {
  const { sendJSON } = useWebSocket<unknown, { type: 'forget' }>(url)
  return (
    <button type="button" onClick={() => sendJSON({ type: 'forget' })}>
      Forget all answers
    </button>
  )
}

function Conversation({ url, args }: { readonly url: string; readonly args: StreamArgs }) {
  const [connection] = useState(() =>
    createStreamConnection(`${url}?everyMs=${args.everyMs}`, toOptions(args)),
  )
  return (
    <DemoCard title="Assistant">
      <ConnectionBadge source={connection} />
      <TokenStream connection={connection} />
    </DemoCard>
  )
}

/** Tokens by number: none twice, none left out, through stops, cuts and a server that forgets. */
const meta = {
  title: 'Recipes/Token stream',
  component: Stream,
  tags: ['autodocs'],
  args: { ...connectionArgs, everyMs: 60 },
  argTypes: {
    ...connectionArgTypes,
    everyMs: {
      name: 'Milliseconds for a token',
      control: { type: 'range', min: 5, max: 500, step: 5 },
    },
  },
} satisfies Meta<typeof Stream>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const patience = { timeout: 8000 }

function steps(canvas: Canvas) {
  const answers = () => canvas.queryAllByText(/^You ask:/)
  const press = async (name: string) => userEvent.click(canvas.getByRole('button', { name }))
  return {
    answers,
    press,
    async asks(question: string) {
      const before = answers().length
      await userEvent.type(canvas.getByLabelText('Question'), `${question}{Enter}`)
      await waitFor(() => expect(answers().length).toBe(before + 1), patience)
      await waitFor(
        () => expect(answers().at(-1)?.textContent.length).toBeGreaterThan(60),
        patience,
      )
    },
    async seesEnd() {
      await waitFor(() => expect(answers().at(-1)).toHaveAttribute('aria-busy', 'false'), patience)
      return answers().at(-1)?.textContent
    },
  }
}

/** The link is cut in the middle; the answer is the same as one whose link was not. */
export const Resumed: Story = {
  args: { everyMs: 30, minDelayMs: 60_000 },
  async play({ canvas }) {
    const { asks, press, seesEnd } = steps(canvas)
    await asks('Why do links break?')
    await press('Cut')
    await canvas.findByText(/^Not connected/, {}, patience)
    await press('Retry now')
    const cut = await seesEnd()
    await asks('Why do links break?')
    const uncut = await seesEnd()
    await expect(uncut).toMatch(/tunnel at all\.$/)
    await expect(cut).toBe(uncut)
  },
}

/** It is written while it is read, until the reader has had enough. */
export const Stopped: Story = {
  async play({ canvas }) {
    const { asks, press, seesEnd } = steps(canvas)
    await asks('Why do links break?')
    await canvas.findByText('Writing …')
    await press('Stop')
    const text = await seesEnd()
    await expect(canvas.getByText('Stopped.')).toBeVisible()
    await expect(text).not.toMatch(/tunnel at all\.$/)
  },
}

/** The server has forgotten the answer when the link is back: the page says so and offers to ask again. */
export const CutOff: Story = {
  args: { minDelayMs: 100 },
  async play({ canvas }) {
    const { answers, asks, press } = steps(canvas)
    await asks('Why do links break?')
    await press('Forget all answers')
    await press('Cut')
    await canvas.findByText(/^The answer was cut off here/, {}, patience)
    await press('Ask again')
    await waitFor(() => expect(answers()).toHaveLength(2), patience)
    await press('Stop')
    await canvas.findByText('Stopped.', {}, patience)
  },
}
