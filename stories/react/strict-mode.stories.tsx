/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { StrictMode, useEffect, useReducer, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { useWebSocket } from 'wirehook'
import { readFact } from '../connection/read-fact'
import { SocketCount } from '../connection/socket-count'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'

function InStrictMode() {
  const [url] = useState(() => createRoomUrl('census'))
  const [mounted, mount] = useReducer((times: number) => times + 1, 0)
  return (
    <StrictMode>
      <DemoPage
        title="StrictMode"
        lead="Mount the component. In development its effect runs twice, and the server has seen one socket all the same. Mount it again, and it is still that one."
      >
        <div className="demo-row">
          <button type="button" data-primary onClick={mount}>
            {mounted === 0 ? 'Mount the component' : 'Mount it again'}
          </button>
        </div>
        <div className="demo-columns">
          <DemoCard title="Component">
            {/* By hand, for React does not run twice what comes with an inner StrictMode. */}
            {mounted > 0 ? <CountedEffects key={mounted} url={url} /> : <p>Not mounted yet.</p>}
          </DemoCard>
          <DemoCard title="Server">
            <SocketCount url={url} />
          </DemoCard>
        </div>
      </DemoPage>
    </StrictMode>
  )
}

function CountedEffects({ url }: { readonly url: string }) {
  const { status } = useWebSocket(url)
  const [runs, countRun] = useReducer((count: number) => count + 1, 0)

  useEffect(() => countRun(), [])

  return <DemoFacts facts={{ 'Runs of its effect': runs, Status: status }} />
}

/**
 * In development, `<StrictMode>` runs the effects of every component twice when it mounts. Whoever opens
 * a socket in an effect then opens two. A connection is not the effect's: it is leased, and outlives the
 * moment between two leases.
 */
const meta = {
  title: 'React/StrictMode',
  component: InStrictMode,
  tags: ['autodocs'],
} satisfies Meta<typeof InStrictMode>
export default meta

const patience = { timeout: 8000 }

/** Two runs of the effect, one socket; mounted again, the same one. */
export const OneSocket: StoryObj<typeof meta> = {
  async play({ canvas }) {
    // A Storybook that was built has React's production build in it.
    const runs = import.meta.env.DEV ? '2' : '1'
    const seesOneSocket = async (): Promise<void> => {
      await waitFor(() => expect(readFact(canvas, 'Status')).toHaveTextContent('open'), patience)
      await waitFor(() => expect(readFact(canvas, 'Sockets now')).toHaveTextContent('1'), patience)
      await expect(readFact(canvas, 'Runs of its effect')).toHaveTextContent(runs)
      await expect(readFact(canvas, 'Sockets ever')).toHaveTextContent('1')
    }
    await userEvent.click(canvas.getByRole('button', { name: 'Mount the component' }))
    await seesOneSocket()
    await userEvent.click(canvas.getByRole('button', { name: 'Mount it again' }))
    await seesOneSocket()
  },
}
