/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useRef, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { byId, isWirehookError, useLatestMessage, useRequest, WebSocketProvider } from 'wirehook'
import { ConnectionBadge } from '../../docs/recipes/connection-badge'
import { milliseconds } from '../connection/controls'
import { readFact } from '../connection/read-fact'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import type { Answer, Question } from '../server/answer-service'
import './messages.css'

interface RequestArgs {
  timeoutMs: number
  slowMs: number
}

function Requests({ timeoutMs, slowMs }: RequestArgs) {
  const [url] = useState(() => createRoomUrl('answer'))
  return (
    <WebSocketProvider url={url} requests={byId()}>
      <DemoPage
        title="Asking, and waiting for the answer"
        lead="Ask something easy, something the server refuses, or something that takes longer than you are willing to wait."
      >
        <div className="asking">
          <DemoCard title="Question">
            <ConnectionBadge />
            <Asking timeoutMs={timeoutMs} slowMs={slowMs} />
          </DemoCard>
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

function Asking({ timeoutMs, slowMs }: RequestArgs) {
  const { request, pending, data, error } = useRequest<Answer, Question>({ timeoutMs })
  const given = useLatestMessage<{ count: number }>('answered')
  const abort = useRef<AbortController>(null)

  function ask(question: Question): void {
    abort.current = new AbortController()
    // Not awaited: what comes of it is in the state.
    void request(question, { signal: abort.current.signal })
  }

  return (
    <>
      <div className="demo-row">
        <button
          type="button"
          data-primary
          onClick={() => ask({ op: 'add', terms: [2, 3], afterMs: 0 })}
        >
          2 + 3?
        </button>
        <button type="button" onClick={() => ask({ op: 'add', terms: [20, 30], afterMs: slowMs })}>
          20 + 30, slowly?
        </button>
        <button type="button" onClick={() => ask({ op: 'refuse', terms: [], afterMs: 0 })}>
          What you do not like?
        </button>
        <button type="button" disabled={!pending} onClick={() => abort.current?.abort()}>
          Give up
        </button>
      </div>
      <DemoFacts
        facts={{
          Pending: pending ? 'yes' : 'no',
          Answer: data?.sum ?? '–',
          Error: describe(error),
          'Server has answered': given?.count ?? 0,
        }}
      />
    </>
  )
}

function describe(error: unknown): string {
  if (error === undefined) return '–'
  if (!isWirehookError(error)) return (error as Error).name
  const said = error.cause as { message: string } | undefined
  return said ? `${error.code}: ${said.message}` : error.code
}

/**
 * `useRequest` asks on the shared connection and shows what came of it. An answer that comes after the
 * time-out, or after the question was given up, changes nothing any more.
 */
const meta = {
  title: 'Messages/Requests',
  component: Requests,
  tags: ['autodocs'],
  args: { timeoutMs: 2000, slowMs: 4000 },
  argTypes: {
    timeoutMs: milliseconds('timeoutMs', 'Time within which the answer has to come', 10_000),
    slowMs: milliseconds('slowMs', 'Time the server takes for the slow answer', 10_000),
  },
} satisfies Meta<typeof Requests>
export default meta

type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const patience = { timeout: 8000 }

/** An answer, and an error that the server has sent instead of one. */
export const Answered: Story = {
  async play({ canvas }) {
    await press(canvas, '2 + 3?')
    await sees(canvas, { Answer: '5', Pending: 'no', Error: '–' })
    await press(canvas, 'What you do not like?')
    await sees(canvas, { Answer: '5', Error: 'request-failed: I would rather not.' })
    await press(canvas, '2 + 3?')
    await sees(canvas, { Answer: '5', Error: '–', 'Server has answered': '3' })
  },
}

/** The server answers after the time-out. Its answer arrives, and is ignored. */
export const TimedOut: Story = {
  args: { timeoutMs: 300, slowMs: 800 },
  async play({ canvas }) {
    await press(canvas, '2 + 3?')
    await sees(canvas, { Answer: '5', 'Server has answered': '1' })
    await press(canvas, '20 + 30, slowly?')
    await sees(canvas, { Pending: 'yes' })
    await sees(canvas, { Pending: 'no', Error: 'request-timeout' })
    await sees(canvas, { 'Server has answered': '2', Answer: '5', Error: 'request-timeout' })
  },
}

/** A signal gives the question up at once. The server does not know, and answers all the same. */
export const GivenUp: Story = {
  args: { slowMs: 600 },
  async play({ canvas }) {
    await press(canvas, '20 + 30, slowly?')
    await sees(canvas, { Pending: 'yes' })
    await press(canvas, 'Give up')
    await sees(canvas, { Pending: 'no', Error: 'AbortError' })
    await sees(canvas, { 'Server has answered': '1', Answer: '–', Error: 'AbortError' })
  },
}

async function press(canvas: Canvas, name: string): Promise<void> {
  await canvas.findByText('Connected', {}, patience)
  await userEvent.click(canvas.getByRole('button', { name }))
}

async function sees(canvas: Canvas, facts: Readonly<Record<string, string>>): Promise<void> {
  const shown = (): (string | null | undefined)[] =>
    Object.keys(facts).map((name) => readFact(canvas, name)?.textContent)
  await waitFor(() => expect(shown()).toEqual(Object.values(facts)), patience)
}
