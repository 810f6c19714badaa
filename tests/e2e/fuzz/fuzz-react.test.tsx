// @vitest-environment jsdom
import '../../setup/dom'
import { act, render, screen } from '@testing-library/react'
import * as fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import {
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useWebSocket,
  WebSocketProvider,
  type ConnectionOptions,
} from 'wirehook'
import { createActedEnvironment, nextUrl } from '../../react/acted-environment'
import { ErrorBoundary } from '../../react/error-boundary'
import { keepConsoleSilent } from '../../react/silent-console'
import { anyFrame } from './frames'
import { arePrototypesPoisoned } from './prototypes'
import { anySetting, foretell, toOptions, type FuzzSetting } from './setting'

keepConsoleSilent()

const topics = [undefined, '__proto__', 'constructor', 'toString', 'price']
const batchCount = 60
const batchSize = 100

/** Text for any value at all, without anything that a hostile one could bring along. */
function outline(value: unknown): string {
  return `${typeof value} ${(JSON.stringify(value) ?? '').length}`
}

function Topic({ topic }: { readonly topic: string | undefined }) {
  const latest = useLatestMessage(topic)
  const list = useMessages({ topic, limit: 3 })
  return (
    <li>
      {outline(latest)} {list.length}
    </li>
  )
}

/** Reads messages in every way there is. */
function Board({ onMessage }: { readonly onMessage: () => void }) {
  const { lastMessage, invalidMessages, status } = useWebSocket()
  const count = useMessageReducer((sum: number) => sum + 1, 0)
  useMessage(onMessage)
  return (
    <>
      <p data-testid="status">{status}</p>
      <p data-testid="count">{count}</p>
      <p data-testid="invalid">{invalidMessages}</p>
      <p>{outline(lastMessage)}</p>
      <ul>
        {topics.map((topic) => (
          <Topic key={topic ?? ''} topic={topic} />
        ))}
      </ul>
    </>
  )
}

/** What nobody has caught, in the page or in a promise. */
function watchUncaught(): unknown[] {
  const uncaught: unknown[] = []
  const note = (event: Event | Error): void => void uncaught.push(event)
  window.addEventListener('error', note)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    window.removeEventListener('error', note)
    process.off('unhandledRejection', note)
  })
  return uncaught
}

/** The same for everybody: which options a hook may have is decided elsewhere. */
function toProviderOptions(setting: FuzzSetting): ConnectionOptions {
  return { ...toOptions(setting), schedule: 'sync', onInvalid: () => {} }
}

it(
  '6,000 frames of random bytes and mutated JSON throw nothing into React',
  { tags: ['fault-fuzz'], timeout: 120_000 },
  async () => {
    const uncaught = watchUncaught()
    const environment = createActedEnvironment()
    await fc.assert(
      fc.asyncProperty(
        anySetting.map((setting) => ({ ...setting, isNaive: false, hasRequests: false })),
        fc.array(anyFrame, { minLength: batchSize, maxLength: batchSize }),
        async (setting, frames) => {
          let heard = 0
          const page = render(
            <ErrorBoundary>
              <WebSocketProvider
                url={nextUrl()}
                environment={environment}
                {...toProviderOptions(setting)}
              >
                <Board onMessage={() => (heard += 1)} />
              </WebSocketProvider>
            </ErrorBoundary>,
          )
          await environment.advance(0)
          const socket = environment.newestSocket()
          await socket.open()
          for (const frame of frames) {
            act(() => socket.receiveFrame(frame))
            expect(screen.queryByRole('alert')).toBeNull()
          }
          await environment.advance(100)
          const fates = frames.map((frame) => foretell(setting, frame))
          const told = fates.filter((fate) => fate === 'told').length
          const refused = fates.filter((fate) => fate === 'refused').length
          expect(heard).toBe(told)
          expect(screen.getByTestId('count').textContent).toBe(String(told))
          expect(screen.getByTestId('invalid').textContent).toBe(String(refused))
          expect(screen.getByTestId('status').textContent).toBe('open')
          page.unmount()
          expect(environment.reportedErrors).toEqual([])
          expect(uncaught).toEqual([])
          expect(arePrototypesPoisoned()).toBe(false)
        },
      ),
      { numRuns: batchCount },
    )
  },
)
