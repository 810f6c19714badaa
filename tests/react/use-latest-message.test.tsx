import { act, render, screen } from '@testing-library/react'
import {
  Activity,
  Profiler,
  startTransition,
  useEffect,
  useLayoutEffect,
  useState,
  version,
  type ReactElement,
} from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createConnection, useLatestMessage, type Connection } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Status } from './displays'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { countUp, openSocket, receiveAndDraw, receiveInOneTask, type Message } from './live'
import { describeReader } from './reader-contract'
import { Latest, latestCase, write } from './readers'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()
describeReader(latestCase, takePrinted)

interface Quote {
  readonly type: string
  readonly price: number
  readonly size: number
}

const quote = (price: number, size = 1): Quote => ({ type: 'quote', price, size })

interface SelectingProps<Selected> {
  readonly source: Connection<Quote>
  readonly select: (message: Quote) => Selected
  readonly isEqual?: (before: Selected, after: Selected) => boolean
  readonly onValue?: (value: Selected | undefined) => void
}

/** Writes what is selected, and tells of each new value. */
function Selecting<Selected>({
  source,
  select,
  isEqual,
  onValue,
}: SelectingProps<Selected>): ReactElement {
  const value = useLatestMessage<Quote, 'quote', Selected>('quote', { source, select, isEqual })
  useEffect(() => onValue?.(value), [value, onValue])
  return <p data-testid="reader">{write(value)}</p>
}

/** A connection that is open, and stays so. */
async function openConnection<Incoming = Message>() {
  const environment = createActedEnvironment()
  const connection = createConnection<Incoming>(nextUrl(), { environment })
  render(<Status source={connection} />)
  await openSocket(environment)
  return { environment, connection }
}

const readShown = (): string | null => screen.getByTestId('reader').textContent

describe('a component that is mounted later', () => {
  const kept: Message[] = [
    { type: 'a', n: 1 },
    { type: 'a', n: 2 },
    { type: 'b', n: 3 },
  ]

  it.each([
    ['a', kept[1]],
    ['b', kept[2]],
    ['c', undefined],
    [undefined, kept[2]],
  ])('shows the newest of topic %s in its first render', async (topic, expected) => {
    const { environment, connection } = await openConnection()
    await receiveAndDraw(environment, ...kept)
    const commits: unknown[] = []
    render(
      <Profiler id="late" onRender={() => void commits.push(readShown())}>
        <Latest source={connection} topic={topic} />
      </Profiler>,
    )
    expect(commits).toEqual([write(expected)])
  })

  it('shows null if that was the message', async () => {
    const { environment, connection } = await openConnection()
    await receiveAndDraw(environment, null)
    render(<Latest source={connection} />)
    expect(readShown()).toBe('null')
  })

  it('shows nothing of a connection that everybody had left', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const element = (
      <>
        <Status source={url} options={{ environment }} />
        <Latest source={url} />
      </>
    )
    const page = render(element)
    await openSocket(environment)
    await receiveAndDraw(environment, ...kept)
    page.unmount()
    await environment.advance(1000)
    render(element)
    expect(readShown()).toBe('')
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
  })
})

it('a topic that comes back shows what came meanwhile', async () => {
  const { environment, connection } = await openConnection()
  const page = render(<Latest source={connection} topic="a" />)
  page.rerender(<Latest source={connection} topic="b" />)
  await receiveAndDraw(environment, { type: 'a', n: 1 })
  page.rerender(<Latest source={connection} topic="a" />)
  expect(readShown()).toBe(write({ type: 'a', n: 1 }))
})

describe('a message that comes while the component is being mounted', () => {
  const a1: Message = { type: 'a', n: 1 }
  const a2: Message = { type: 'a', n: 2 }

  it('is shown, though it is after the render and before the effects', async () => {
    const { environment, connection } = await openConnection()
    await receiveAndDraw(environment, a1)
    function Interruption({ onLayout }: { onLayout: () => void }): null {
      useLayoutEffect(() => onLayout(), [onLayout])
      return null
    }
    const { onmessage } = environment.newestSocket()
    const deliver = (): void => onmessage?.({ data: JSON.stringify(a2) } as never)
    render(
      <>
        <Latest source={connection} topic="a" />
        <Interruption onLayout={deliver} />
      </>,
    )
    expect(readShown()).toBe(write(a2))
  })

  it('is shown by all components of a transition, or by none', async () => {
    const { environment, connection } = await openConnection()
    await receiveAndDraw(environment, a1)
    const commits: (string | null)[] = []
    const { onmessage } = environment.newestSocket()
    const interrupt = vi.fn()
    interrupt.mockImplementationOnce(() => onmessage?.({ data: JSON.stringify(a2) } as never))
    /** Lets something happen between the renders of its neighbours. */
    function Interruption({ onRender }: { onRender: () => void }): null {
      onRender()
      return null
    }
    function Page(): ReactElement {
      const [isShown, setIsShown] = useState(false)
      return (
        <>
          <button type="button" onClick={() => startTransition(() => setIsShown(true))} />
          {isShown && (
            <output>
              <Latest source={connection} id="first" />
              <Interruption onRender={() => interrupt() as void} />
              <Latest source={connection} id="second" />
            </output>
          )}
        </>
      )
    }
    const readPair = (): string | null => screen.queryByRole('status')?.textContent ?? null
    render(
      <Profiler id="page" onRender={() => void commits.push(readPair())}>
        <Page />
      </Profiler>,
    )
    act(() => screen.getByRole('button').click())
    expect(commits).toEqual([null, write(a2) + write(a2)])
  })
})

describe.skipIf(version.startsWith('18.'))('a hidden <Activity>', () => {
  async function renderActivity(topic: string) {
    const { environment, connection } = await openConnection()
    const commits: (string | null)[] = []
    const withMode = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <Profiler id="latest" onRender={() => void commits.push(readShown())}>
          <Latest source={connection} topic={topic} />
        </Profiler>
      </Activity>
    )
    const page = render(withMode('visible'))
    const setMode = (mode: 'visible' | 'hidden'): void => page.rerender(withMode(mode))
    return { environment, connection, commits, setMode }
  }

  it('shows the newest message as soon as it is shown again', async () => {
    const { environment, commits, setMode } = await renderActivity('a')
    await receiveAndDraw(environment, { type: 'a', n: 0 })
    setMode('hidden')
    await receiveAndDraw(environment, ...countUp(2))
    commits.length = 0
    setMode('visible')
    expect(commits).toEqual([write({ type: 'a', n: 2 })])
  })

  it('shows what a component sees that is mounted then, when the topic was forgotten meanwhile', async () => {
    const { environment, connection, setMode } = await renderActivity('rare')
    await receiveAndDraw(environment, { type: 'rare', n: 0 })
    setMode('hidden')
    const others = countUp(2000).map(({ n }) => ({ type: `often ${n}`, n }))
    receiveInOneTask(environment, others)
    expect(connection.getLastMessage('rare')).toBeUndefined()
    setMode('visible')
    expect(readShown()).toBe('')
  })
})

describe('select', () => {
  const selectPrice = ({ price }: Quote): number => price

  it('makes it render only for another selection', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onRender = vi.fn()
    render(
      <Profiler id="selecting" onRender={onRender}>
        <Selecting source={connection} select={selectPrice} />
      </Profiler>,
    )
    onRender.mockClear()
    await receiveAndDraw(environment, quote(100, 1))
    expect(onRender).toHaveBeenCalledTimes(1)
    await receiveAndDraw(environment, quote(100, 2))
    await receiveAndDraw(environment, quote(100, 3))
    expect(onRender).toHaveBeenCalledTimes(1)
    await receiveAndDraw(environment, quote(101))
    expect(onRender).toHaveBeenCalledTimes(2)
    expect(readShown()).toBe('101')
  })

  it('does the same as a new function on every render', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onRender = vi.fn()
    function Inline(): ReactElement {
      const price = useLatestMessage<Quote, 'quote', number>('quote', {
        source: connection,
        select: (message) => message.price,
      })
      return <p data-testid="reader">{price}</p>
    }
    const page = render(
      <Profiler id="inline" onRender={onRender}>
        <Inline />
      </Profiler>,
    )
    await receiveAndDraw(environment, quote(100, 1))
    page.rerender(
      <Profiler id="inline" onRender={onRender}>
        <Inline />
      </Profiler>,
    )
    onRender.mockClear()
    await receiveAndDraw(environment, quote(100, 2))
    expect(onRender).not.toHaveBeenCalled()
    await receiveAndDraw(environment, quote(7))
    expect(readShown()).toBe('7')
  })

  it('sees the props of the newest render, without a new message', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const commits: (string | null)[] = []
    const withField = (field: 'price' | 'size') => (
      <Profiler id="field" onRender={() => void commits.push(readShown())}>
        <Selecting source={connection} select={(message) => message[field]} />
      </Profiler>
    )
    const page = render(withField('price'))
    await receiveAndDraw(environment, quote(100, 7))
    commits.length = 0
    page.rerender(withField('size'))
    expect(commits).toEqual(['7'])
    await receiveAndDraw(environment, quote(100, 8))
    expect(commits).toEqual(['7', '8'])
  })

  it('is not called before there is a message', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const select = vi.fn(selectPrice)
    render(<Selecting source={connection} select={select} />)
    expect(select).not.toHaveBeenCalled()
    await receiveAndDraw(environment, quote(100))
    expect(new Set(select.mock.calls.map(([message]) => message.price))).toEqual(new Set([100]))
  })

  it('is not called for messages of other topics, nor again for the same message', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const select = vi.fn(selectPrice)
    const page = render(<Selecting source={connection} select={select} />)
    await receiveAndDraw(environment, quote(100))
    select.mockClear()
    await receiveAndDraw(environment, { ...quote(200), type: 'trade' })
    page.rerender(<Selecting source={connection} select={select} />)
    expect(select).not.toHaveBeenCalled()
  })

  it('may give a new object each time: the component renders once for a message', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onRender = vi.fn()
    const withSelect = () => (
      <Profiler id="object" onRender={onRender}>
        <Selecting source={connection} select={({ price }) => ({ price })} />
      </Profiler>
    )
    const page = render(withSelect())
    onRender.mockClear()
    await receiveAndDraw(environment, quote(100))
    expect(onRender).toHaveBeenCalledTimes(1)
    page.rerender(withSelect())
    expect(onRender).toHaveBeenCalledTimes(2)
    expect(readShown()).toBe(write({ price: 100 }))
  })

  it('that throws is an error of the component', async () => {
    muteCaughtErrors()
    const { environment, connection } = await openConnection<Quote>()
    const select = (): never => {
      throw new Error('no price')
    }
    render(
      <ErrorBoundary>
        <Selecting source={connection} select={select} />
      </ErrorBoundary>,
    )
    await receiveAndDraw(environment, quote(100))
    takePrinted()
    expect(screen.getByRole('alert')).toHaveTextContent('no price')
    expect(environment.reportedErrors).toEqual([])
  })
})

describe('isEqual', () => {
  it('that throws is an error of the component', async () => {
    muteCaughtErrors()
    const { environment, connection } = await openConnection<Quote>()
    const isEqual = (): never => {
      throw new Error('not comparable')
    }
    render(
      <ErrorBoundary>
        <Selecting source={connection} select={(q) => ({ ...q })} isEqual={isEqual} />
      </ErrorBoundary>,
    )
    await receiveAndDraw(environment, quote(100))
    await receiveAndDraw(environment, quote(101))
    takePrinted()
    expect(screen.getByRole('alert')).toHaveTextContent('not comparable')
  })

  const selectPair = ({ price, size }: Quote) => ({ price, size })
  type Pair = ReturnType<typeof selectPair>
  const isSamePrice = (before: Pair, after: Pair): boolean => before.price === after.price

  it('keeps the value that was shown, the same object, while it says so', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onValue = vi.fn()
    const withProps = () => (
      <Selecting source={connection} select={selectPair} isEqual={isSamePrice} onValue={onValue} />
    )
    const page = render(withProps())
    await receiveAndDraw(environment, quote(100, 1))
    await receiveAndDraw(environment, quote(100, 2))
    page.rerender(withProps())
    await receiveAndDraw(environment, quote(101, 3))
    expect(onValue.mock.calls).toEqual([
      [undefined],
      [{ price: 100, size: 1 }],
      [{ price: 101, size: 3 }],
    ])
  })

  it('keeps it also as a new function on every render, with a new select', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onValue = vi.fn()
    const withProps = () => (
      <Selecting
        source={connection}
        select={(message) => selectPair(message)}
        isEqual={(before, after) => isSamePrice(before, after)}
        onValue={onValue}
      />
    )
    const page = render(withProps())
    await receiveAndDraw(environment, quote(100, 1))
    page.rerender(withProps())
    await receiveAndDraw(environment, quote(100, 2))
    page.rerender(withProps())
    expect(onValue.mock.calls).toEqual([[undefined], [{ price: 100, size: 1 }]])
  })

  it('is never called without two values', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const isEqual = vi.fn(isSamePrice)
    const page = render(<Selecting source={connection} select={selectPair} isEqual={isEqual} />)
    page.rerender(<Selecting source={connection} select={(q) => selectPair(q)} isEqual={isEqual} />)
    await receiveAndDraw(environment, quote(100))
    expect(isEqual).not.toHaveBeenCalled()
    await receiveAndDraw(environment, quote(101))
    expect(isEqual).toHaveBeenCalled()
    for (const pair of isEqual.mock.calls) expect(pair).not.toContain(undefined)
  })

  it('compares the last value with the newest one only, however many came between', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onValue = vi.fn()
    render(
      <Selecting source={connection} select={selectPair} isEqual={isSamePrice} onValue={onValue} />,
    )
    await receiveAndDraw(environment, quote(100))
    onValue.mockClear()
    receiveInOneTask(environment, [quote(1), quote(2), quote(100)])
    await receiveAndDraw(environment)
    expect(readShown()).toBe(write({ price: 100, size: 1 }))
  })

  it('works on whole messages without select', async () => {
    const { environment, connection } = await openConnection<Quote>()
    const onRender = vi.fn()
    function Whole(): ReactElement {
      const message = useLatestMessage<Quote, 'quote'>('quote', {
        source: connection,
        isEqual: (before, after) => before.price === after.price,
      })
      return <p data-testid="reader">{write(message)}</p>
    }
    render(
      <Profiler id="whole" onRender={onRender}>
        <Whole />
      </Profiler>,
    )
    await receiveAndDraw(environment, quote(100, 1))
    onRender.mockClear()
    await receiveAndDraw(environment, quote(100, 2))
    expect(onRender).not.toHaveBeenCalled()
    expect(readShown()).toBe(write(quote(100, 1)))
  })
})
