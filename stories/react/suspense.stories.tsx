import type { Meta, StoryObj } from '@storybook/react-vite'
import { lazy, Suspense, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { useLatestMessage, useWebSocket, WebSocketProvider } from 'wirehook'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'

/** What the server says back of a reading. */
interface Reading {
  readonly number: number
}

function LateComponent() {
  const [url] = useState(() => createRoomUrl('echo'))
  const [{ LateReading, arrive }] = useState(createLateReading)
  return (
    <WebSocketProvider url={url}>
      <DemoPage
        title="A component that comes late"
        lead="Take a reading or two, and then let the code of the second panel arrive."
      >
        <div className="demo-row">
          <TakeReading />
          <button type="button" onClick={arrive}>
            Let the code arrive
          </button>
        </div>
        <div className="demo-columns">
          <DemoCard title="Here from the start">
            <NewestReading />
          </DemoCard>
          <DemoCard title="Here later">
            <Suspense fallback={<p className="demo-quiet">Its code is on the way …</p>}>
              <LateReading />
            </Suspense>
          </DemoCard>
        </div>
      </DemoPage>
    </WebSocketProvider>
  )
}

function TakeReading() {
  const { status, sendJSON } = useWebSocket()
  const [number, setNumber] = useState(1)

  function take(): void {
    sendJSON({ type: 'reading', number })
    setNumber(number + 1)
  }

  return (
    <button type="button" data-primary disabled={status !== 'open'} onClick={take}>
      Take a reading
    </button>
  )
}

function NewestReading() {
  const number = useLatestMessage('echo', { select: (reading: Reading) => reading.number })
  return <p>{number === undefined ? 'No reading yet' : `Reading ${number}`}</p>
}

/** A lazy component whose code is there when the visitor says so. */
function createLateReading() {
  let arrive = (): void => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const LateReading = lazy(async () => arrived.then(() => ({ default: NewestReading })))
  return { LateReading, arrive }
}

/**
 * The newest message of each topic is kept by the connection. A component whose code arrives late shows
 * it at once, and need not wait for the next one. A panel that suspends keeps its lease.
 */
const meta = {
  title: 'React/Suspense',
  component: LateComponent,
  tags: ['autodocs'],
} satisfies Meta<typeof LateComponent>
export default meta

/** Two readings before the code is there; no message after it. */
export const KeptForLater: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const card = (name: string) => within(canvas.getByRole('region', { name }))
    const take = canvas.getByRole('button', { name: 'Take a reading' })
    await waitFor(() => expect(take).toBeEnabled(), { timeout: 8000 })
    await userEvent.click(take)
    await expect(await card('Here from the start').findByText('Reading 1')).toBeVisible()
    await userEvent.click(take)
    await expect(await card('Here from the start').findByText('Reading 2')).toBeVisible()
    await expect(card('Here later').getByText('Its code is on the way …')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Let the code arrive' }))
    await expect(await card('Here later').findByText('Reading 2')).toBeVisible()
  },
}
