import { render, screen } from '@testing-library/react'
import { Profiler, useEffect } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useMessages, type Connection } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { countUp, openSocket, receiveAndDraw, receiveInOneTask, type Message } from './live'
import { describeReader } from './reader-contract'
import { List, listCase, write } from './readers'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()
describeReader(listCase, takePrinted)

function createLive() {
  const environment = createActedEnvironment()
  return { environment, connection: createConnection<Message>(nextUrl(), { environment }) }
}

const expectShown = (messages: readonly Message[]): void =>
  expect(screen.getByTestId('reader').textContent).toBe(write(messages))

it('a component that is mounted later starts empty', async () => {
  const { environment, connection } = createLive()
  const page = render(<List source={connection} />)
  await openSocket(environment)
  await receiveAndDraw(environment, ...countUp(3))
  page.rerender(<List key="later" source={connection} />)
  expectShown([])
})

describe('the limit', () => {
  it.each([
    [0, 0],
    [1, 1],
    [3, 3],
    [2.5, 2],
    [undefined, 100],
    [Infinity, 250],
  ])('of %s keeps the newest %s', async (limit, kept) => {
    const { environment, connection } = createLive()
    render(<List source={connection} limit={limit} />)
    await openSocket(environment)
    receiveInOneTask(environment, countUp(250))
    await receiveAndDraw(environment)
    expectShown(countUp(250).slice(250 - kept))
  })

  it('is never exceeded in what is shown', async () => {
    const { environment, connection } = createLive()
    render(<List source={connection} limit={2} schedule="sync" />)
    await openSocket(environment)
    const messages = countUp(7)
    for (const message of messages) {
      environment.newestSocket().receive(message)
      expectShown(messages.slice(Math.max(0, message.n - 2), message.n))
    }
  })

  it('that shrinks takes the oldest away at once', async () => {
    const { environment, connection } = createLive()
    const page = render(<List source={connection} limit={5} />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(5))
    page.rerender(<List source={connection} limit={2} />)
    expectShown(countUp(5).slice(3))
  })

  it('that shrinks once more takes away what is the oldest then', async () => {
    const { environment, connection } = createLive()
    const page = render(<List source={connection} limit={5} />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(5))
    page.rerender(<List source={connection} limit={2} />)
    page.rerender(<List source={connection} limit={5} />)
    await receiveAndDraw(environment, ...countUp(5, 'b'))
    page.rerender(<List source={connection} limit={2} />)
    expectShown(countUp(5, 'b').slice(3))
  })

  it('that has shrunk counts for the messages to come', async () => {
    const { environment, connection } = createLive()
    const page = render(<List source={connection} limit={5} />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(5))
    page.rerender(<List source={connection} limit={2} />)
    await receiveAndDraw(environment, { type: 'b', n: 6 })
    expectShown([
      { type: 'a', n: 5 },
      { type: 'b', n: 6 },
    ])
  })

  it('that grows keeps what there is, and more from then on', async () => {
    const { environment, connection } = createLive()
    const page = render(<List source={connection} limit={1} />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(4))
    page.rerender(<List source={connection} limit={3} />)
    expectShown(countUp(4).slice(3))
    await receiveAndDraw(environment, { type: 'b', n: 5 })
    expectShown([
      { type: 'a', n: 4 },
      { type: 'b', n: 5 },
    ])
  })

  it.each([[-1], [NaN], ['many' as unknown as number]])(
    'that is %s is an error which names it',
    (limit) => {
      muteCaughtErrors()
      const { connection } = createLive()
      render(
        <ErrorBoundary>
          <List source={connection} limit={limit} />
        </ErrorBoundary>,
      )
      takePrinted()
      expect(screen.getByRole('alert')).toHaveTextContent('invalid-option')
      expect(screen.getByRole('alert')).toHaveTextContent('limit')
    },
  )
})

describe('the array', () => {
  interface CollectorProps {
    readonly source: Connection<Message>
    readonly limit?: number
    readonly onCommit: (messages: readonly Message[]) => void
  }

  function Collector({ onCommit, ...options }: CollectorProps): null {
    const messages = useMessages<Message, 'a'>({ ...options, topic: 'a' })
    useEffect(() => onCommit(messages))
    return null
  }

  async function renderCollector(limit?: number) {
    const { environment, connection } = createLive()
    const commits: (readonly Message[])[] = []
    const onRender = vi.fn()
    const element = (
      <Profiler id="collector" onRender={onRender}>
        <Collector
          source={connection}
          limit={limit}
          onCommit={(messages) => void commits.push(messages)}
        />
      </Profiler>
    )
    const page = render(element)
    await openSocket(environment)
    const rerender = (): void =>
      page.rerender(
        <Collector
          source={connection}
          limit={limit}
          onCommit={(messages) => void commits.push(messages)}
        />,
      )
    onRender.mockClear()
    return { environment, commits, onRender, rerender }
  }

  it('is a new one when messages were added, and an old one stays as it was', async () => {
    const { environment, commits } = await renderCollector(2)
    await receiveAndDraw(environment, ...countUp(1))
    await receiveAndDraw(environment, { type: 'a', n: 2 })
    await receiveAndDraw(environment, { type: 'a', n: 3 })
    expect(commits).toEqual([
      [],
      countUp(1),
      countUp(2),
      [
        { type: 'a', n: 2 },
        { type: 'a', n: 3 },
      ],
    ])
    expect(new Set(commits).size).toBe(4)
  })

  it('is the same one when the component renders for something else', async () => {
    const { environment, commits, onRender } = await renderCollector()
    await receiveAndDraw(environment, ...countUp(1))
    expect(onRender).toHaveBeenCalledTimes(1)
    await receiveAndDraw(environment, { type: 'b', n: 1 })
    expect(onRender).toHaveBeenCalledTimes(1)
    expect(commits).toHaveLength(2)
  })

  it('is the same one, and nothing renders, with the limit 0', async () => {
    const { environment, onRender } = await renderCollector(0)
    await receiveAndDraw(environment, ...countUp(3))
    expect(onRender).not.toHaveBeenCalled()
  })
})
