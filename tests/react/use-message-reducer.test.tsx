import { render, screen } from '@testing-library/react'
import { Profiler, StrictMode, type ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useMessageReducer, type Connection } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { countUp, openSocket, receiveAndDraw, receiveInOneTask, type Message } from './live'
import { describeReader } from './reader-contract'
import { Story, storyCase, write } from './readers'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()
describeReader(storyCase, takePrinted)

type Reduce<State> = (state: State, message: Message) => State

interface TotalProps<State> {
  readonly source: Connection<Message>
  readonly reduce: Reduce<State>
  readonly initial: State
  readonly topic?: string
}

function Total<State>({ source, reduce, initial, topic }: TotalProps<State>): ReactElement {
  const total = useMessageReducer<State, Message>(reduce, initial, { source, topic })
  return <p data-testid="reader">{write(total)}</p>
}

const add: Reduce<number> = (sum, { n }) => sum + n

function createLive() {
  const environment = createActedEnvironment()
  return { environment, connection: createConnection<Message>(nextUrl(), { environment }) }
}

const readShown = (): string | null => screen.getByTestId('reader').textContent

it('a component that is mounted later starts from the initial value', async () => {
  const { environment, connection } = createLive()
  const page = render(<Story source={connection} />)
  await openSocket(environment)
  await receiveAndDraw(environment, ...countUp(3))
  page.rerender(<Story key="later" source={connection} />)
  expect(readShown()).toBe(write('once'))
})

describe('reduce', () => {
  it('is called once for each message, in order, outside of rendering', async () => {
    const { environment, connection } = createLive()
    const reduce = vi.fn(add)
    render(
      <StrictMode>
        <Total source={connection} reduce={reduce} initial={0} />
      </StrictMode>,
    )
    await openSocket(environment)
    receiveInOneTask(environment, countUp(5))
    await receiveAndDraw(environment)
    expect(reduce.mock.calls.map(([, { n }]) => n)).toEqual([1, 2, 3, 4, 5])
    expect(readShown()).toBe('15')
  })

  it('has taken a message in before the schedule lets it be shown', async () => {
    const { environment, connection } = createLive()
    const reduce = vi.fn(add)
    render(<Total source={connection} reduce={reduce} initial={0} />)
    await openSocket(environment)
    environment.newestSocket().receive({ type: 'a', n: 1 })
    environment.newestSocket().receive({ type: 'a', n: 2 })
    expect(reduce).toHaveBeenCalledTimes(2)
    expect(readShown()).toBe('1')
    await receiveAndDraw(environment)
    expect(readShown()).toBe('3')
  })

  it('is the newest one, and what was folded before stays', async () => {
    const { environment, connection } = createLive()
    const withFactor = (factor: number) => (
      <Total source={connection} reduce={(sum, { n }) => sum + factor * n} initial={0} />
    )
    const page = render(withFactor(1))
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(2))
    page.rerender(withFactor(10))
    expect(readShown()).toBe('3')
    await receiveAndDraw(environment, { type: 'a', n: 3 })
    expect(readShown()).toBe('33')
  })

  it('that throws keeps the value, is reported, and goes on with the next message', async () => {
    const { environment, connection } = createLive()
    const problem = new Error('two is too much')
    const reduce: Reduce<number> = (sum, message) => {
      if (message.n === 2) throw problem
      return add(sum, message)
    }
    render(<Total source={connection} reduce={reduce} initial={0} />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(3))
    expect(readShown()).toBe('4')
    expect(environment.reportedErrors).toEqual([problem])
  })

  it('that gives the same value makes nothing render', async () => {
    const { environment, connection } = createLive()
    const onRender = vi.fn()
    render(
      <Profiler id="largest" onRender={onRender}>
        <Total source={connection} reduce={(top, { n }) => Math.max(top, n)} initial={0} />
      </Profiler>,
    )
    await openSocket(environment)
    await receiveAndDraw(environment, { type: 'a', n: 5 })
    onRender.mockClear()
    for (const message of countUp(4)) await receiveAndDraw(environment, message)
    expect(onRender).not.toHaveBeenCalled()
  })
})

describe('the initial value', () => {
  it.each([[undefined], [null], [0], [''], [[]]])('may be %j', (initial) => {
    const { connection } = createLive()
    render(<Total<unknown> source={connection} reduce={(state) => state} initial={initial} />)
    expect(readShown()).toBe(write(initial))
  })

  it('is read when it starts, and not again', async () => {
    const { environment, connection } = createLive()
    const page = render(<Total source={connection} reduce={add} initial={100} />)
    page.rerender(<Total source={connection} reduce={add} initial={200} />)
    expect(readShown()).toBe('100')
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(1))
    expect(readShown()).toBe('101')
  })

  it('may be a new object on every render', async () => {
    const { environment, connection } = createLive()
    const onRender = vi.fn()
    const withNewInitial = () => (
      <Profiler id="list" onRender={onRender}>
        <Total<number[]> source={connection} reduce={(list, { n }) => [...list, n]} initial={[]} />
      </Profiler>
    )
    const page = render(withNewInitial())
    page.rerender(withNewInitial())
    expect(onRender).toHaveBeenCalledTimes(2)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(2))
    expect(readShown()).toBe('[1,2]')
  })

  it('is the newest one when the topic changes', async () => {
    const { environment, connection } = createLive()
    const page = render(<Total source={connection} reduce={add} initial={100} topic="a" />)
    await openSocket(environment)
    await receiveAndDraw(environment, ...countUp(2))
    page.rerender(<Total source={connection} reduce={add} initial={200} topic="b" />)
    expect(readShown()).toBe('200')
  })
})
