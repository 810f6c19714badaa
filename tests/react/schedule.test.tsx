import { act, render, screen } from '@testing-library/react'
import { Profiler, useEffect, type ReactElement } from 'react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createConnection,
  useLatestMessage,
  useWebSocket,
  WebSocketProvider,
  type Connection,
  type Schedule,
} from 'wirehook'
import { browserEnvironment } from '../../src/core/environment'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { countUp, openSocket, receiveInOneTask, type Message } from './live'
import { Latest, List, Story } from './readers'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

interface NumberProps {
  /** Left out for the provider's. */
  readonly source?: Connection<number> | string
  readonly schedule?: Schedule
  readonly id?: string
}

function Newest({ source, schedule, id = 'newest' }: NumberProps): ReactElement {
  const message = useLatestMessage<number>(undefined, { source, schedule })
  return <p data-testid={id}>{message}</p>
}

const readNewest = (): string | null => screen.getByTestId('newest').textContent

/** A reader on a connection that is open and has been quiet for a while. */
async function renderNewest(schedule?: Schedule, ofConnection?: Schedule) {
  const environment = createActedEnvironment()
  const connection = createConnection<number>(nextUrl(), { environment, schedule: ofConnection })
  const onRender = vi.fn()
  const withSchedule = (given?: Schedule) => (
    <Profiler id="newest" onRender={onRender}>
      <Newest source={connection} schedule={given} />
    </Profiler>
  )
  const page = render(withSchedule(schedule))
  const socket = await openSocket(environment)
  await environment.advance(1000)
  onRender.mockClear()
  return {
    environment,
    connection,
    onRender,
    receive: socket.receive,
    setSchedule: (given?: Schedule) => page.rerender(withSchedule(given)),
  }
}

/** Lets one message come every `intervalMs`, and then everything be drawn. */
async function receiveEvery(environment: FakeEnvironment, intervalMs: number, count: number) {
  for (const { n } of countUp(count)) {
    environment.newestSocket().receive(n)
    await environment.advance(intervalMs)
  }
  await environment.advance(1000)
}

describe.each([[undefined], ['auto']] as const)("the schedule %s, which is 'auto',", (schedule) => {
  it('shows a message at once while the connection is quiet', async () => {
    const { receive } = await renderNewest(schedule)
    receive(1)
    expect(readNewest()).toBe('1')
  })

  it('shows what comes before the next frame in that frame', async () => {
    const { environment, onRender, receive } = await renderNewest(schedule)
    receive(1)
    await environment.advance(3)
    receive(2)
    await environment.advance(frameMs - 4)
    receive(3)
    expect(readNewest()).toBe('1')
    await environment.advance(1)
    expect(readNewest()).toBe('3')
    expect(onRender).toHaveBeenCalledTimes(2)
  })

  it('shows what comes after a frame without anything new at once', async () => {
    const { environment, receive } = await renderNewest(schedule)
    receive(1)
    await environment.advance(frameMs)
    receive(2)
    expect(readNewest()).toBe('2')
  })

  it('shows what comes right after a frame with something new in the next one', async () => {
    const { environment, receive } = await renderNewest(schedule)
    receive(1)
    receive(2)
    await environment.advance(frameMs + 3)
    receive(3)
    expect(readNewest()).toBe('2')
    await environment.advance(frameMs)
    expect(readNewest()).toBe('3')
  })

  it('renders once a frame while messages come fast', async () => {
    const { environment, onRender } = await renderNewest(schedule)
    await receiveEvery(environment, 1, 160)
    expect(readNewest()).toBe('160')
    expect(onRender.mock.calls.length).toBeGreaterThanOrEqual(10)
    expect(onRender.mock.calls.length).toBeLessThanOrEqual(12)
  })

  it('renders once for each message while messages come slowly', async () => {
    const { environment, onRender } = await renderNewest(schedule)
    await receiveEvery(environment, frameMs, 20)
    expect(onRender).toHaveBeenCalledTimes(20)
  })
})

describe("the schedule 'sync'", () => {
  it('renders for each message that has a task of its own', async () => {
    const { onRender, receive } = await renderNewest('sync')
    for (const { n } of countUp(10)) {
      receive(n)
      expect(readNewest()).toBe(String(n))
    }
    expect(onRender).toHaveBeenCalledTimes(10)
  })

  it('renders once for the messages of one task', async () => {
    const { environment, onRender } = await renderNewest('sync')
    receiveInOneTask(environment, [1, 2, 3])
    expect(readNewest()).toBe('3')
    await environment.advance(1000)
    expect(onRender).toHaveBeenCalledTimes(1)
  })
})

it('a schedule given to useWebSocket counts for its lastMessage, also with a connection', async () => {
  const environment = createActedEnvironment()
  const connection = createConnection<number>(nextUrl(), { environment })
  const onRender = vi.fn()
  const withSchedule = (schedule: Schedule) => (
    <Profiler id="last" onRender={onRender}>
      <LastMessage source={connection} options={{ schedule }} />
    </Profiler>
  )
  const page = render(withSchedule('frame'))
  const { receive } = await openSocket(environment)
  onRender.mockClear()
  for (const { n } of countUp(10)) receive(n)
  expect(onRender).not.toHaveBeenCalled()
  await environment.advance(frameMs)
  expect(onRender).toHaveBeenCalledTimes(1)
  page.rerender(withSchedule('sync'))
  onRender.mockClear()
  for (const { n } of countUp(10)) receive(n)
  expect(onRender).toHaveBeenCalledTimes(10)
})

describe("the schedule 'frame'", () => {
  it('waits for the frame, also when it is quiet', async () => {
    const { environment, onRender, receive } = await renderNewest('frame')
    receive(1)
    await environment.advance(frameMs - 1)
    expect(readNewest()).toBe('')
    receive(2)
    await environment.advance(1)
    expect(readNewest()).toBe('2')
    await environment.advance(1000)
    expect(onRender).toHaveBeenCalledTimes(1)
  })

  it('is one frame for all readers of a connection', async () => {
    const environment = createActedEnvironment()
    const connection = createConnection<Message>(nextUrl(), { environment, schedule: 'frame' })
    const onRender = vi.fn()
    render(
      <Profiler id="readers" onRender={onRender}>
        <Latest source={connection} id="latest" />
        <List source={connection} id="list" />
        <Story source={connection} id="story" />
        <LastMessage source={connection} />
      </Profiler>,
    )
    await openSocket(environment)
    onRender.mockClear()
    const before = environment.countTimers()
    receiveInOneTask(environment, countUp(2))
    await environment.advance(0)
    expect(environment.countTimers()).toBe(before + 1)
    await environment.advance(frameMs)
    expect(onRender).toHaveBeenCalledTimes(1)
    expect(screen.getByTestId('story')).toHaveTextContent('once a1 a2')
  })

  it('goes on for the others when one reader leaves', async () => {
    const { environment, connection, receive } = await renderNewest('frame')
    const other = render(<Newest source={connection} schedule="frame" id="other" />)
    receive(1)
    other.unmount()
    await environment.advance(frameMs)
    expect(readNewest()).toBe('1')
  })
})

describe('a number of milliseconds', () => {
  it('renders at once, and then not before that many have passed', async () => {
    const { environment, onRender, receive } = await renderNewest(200)
    receive(1)
    expect(readNewest()).toBe('1')
    await environment.advance(50)
    receive(2)
    receive(3)
    await environment.advance(149)
    expect(readNewest()).toBe('1')
    await environment.advance(1)
    expect(readNewest()).toBe('3')
    expect(onRender).toHaveBeenCalledTimes(2)
  })

  it('renders as often as that while messages come all the time', async () => {
    const { environment, onRender } = await renderNewest(100)
    await receiveEvery(environment, 10, 100)
    expect(readNewest()).toBe('100')
    expect(onRender.mock.calls.length).toBeGreaterThanOrEqual(10)
    expect(onRender.mock.calls.length).toBeLessThanOrEqual(11)
  })

  it("is 'sync' if it is 0", async () => {
    const { onRender, receive } = await renderNewest(0)
    for (const { n } of countUp(5)) receive(n)
    expect(readNewest()).toBe('5')
    expect(onRender).toHaveBeenCalledTimes(5)
  })
})

describe('the schedule of the connection', () => {
  it('counts for readers without one', async () => {
    const { environment, receive } = await renderNewest(undefined, 'frame')
    receive(1)
    expect(readNewest()).toBe('')
    await environment.advance(frameMs)
    expect(readNewest()).toBe('1')
  })

  it('gives way to that of the reader', async () => {
    const { receive } = await renderNewest('sync', 60_000)
    receive(1)
    receive(2)
    expect(readNewest()).toBe('2')
  })

  it('may be that of a provider, and the newest one counts', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const withSchedule = (schedule: Schedule) => (
      <WebSocketProvider url={url} environment={environment} schedule={schedule}>
        <Newest />
      </WebSocketProvider>
    )
    const page = render(withSchedule('frame'))
    const { receive } = await openSocket(environment)
    receive(1)
    expect(readNewest()).toBe('')
    await environment.advance(frameMs)
    expect(readNewest()).toBe('1')
    page.rerender(withSchedule('sync'))
    receive(2)
    receive(3)
    expect(readNewest()).toBe('3')
  })
})

describe('another schedule of a reader', () => {
  it('counts from the next message on', async () => {
    const { environment, receive, setSchedule } = await renderNewest('frame')
    receive(1)
    expect(readNewest()).toBe('')
    setSchedule('sync')
    receive(2)
    expect(readNewest()).toBe('2')
    setSchedule('frame')
    receive(3)
    expect(readNewest()).toBe('2')
    await environment.advance(frameMs)
    expect(readNewest()).toBe('3')
  })

  it.each<[Schedule, Schedule]>([
    [200, 'frame'],
    ['frame', 200],
    [200, 'auto'],
  ])('leaves no second render behind: from %s to %s', async (from, to) => {
    const { environment, onRender, receive, setSchedule } = await renderNewest(from)
    receive(1)
    receive(2)
    setSchedule(to)
    receive(3)
    await environment.advance(1000)
    expect(readNewest()).toBe('3')
    onRender.mockClear()
    await environment.advance(1000)
    expect(onRender).not.toHaveBeenCalled()
    expect(environment.countTimers()).toBe(0)
  })

  it('neither renders nor subscribes again by itself', async () => {
    const { connection, receive, setSchedule } = await renderNewest('sync')
    const lease = vi.spyOn(connection, 'lease')
    setSchedule(100)
    setSchedule('frame')
    receive(1)
    expect(lease).not.toHaveBeenCalled()
  })
})

describe('a parent that renders', () => {
  it('shows no more than the schedule allows', async () => {
    const { environment, receive, setSchedule } = await renderNewest(200)
    receive(1)
    receive(2)
    setSchedule(200)
    expect(readNewest()).toBe('1')
    await environment.advance(200)
    expect(readNewest()).toBe('2')
  })
})

describe('status', () => {
  it('never waits, though messages do', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <WebSocketProvider url={url} environment={environment} schedule={60_000}>
        <Status />
        <Newest />
      </WebSocketProvider>,
    )
    const socket = await openSocket(environment)
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    socket.receive(1)
    socket.receive(2)
    socket.cut()
    expect(screen.getByTestId('status')).toHaveTextContent('reconnecting')
    expect(readNewest()).toBe('1')
  })
})

describe('lastMessage', () => {
  interface SeenProps {
    readonly source: Connection<number>
    readonly onSeen: (message: number | undefined) => void
  }

  function Seen({ source, onSeen }: SeenProps): null {
    const { lastMessage } = useWebSocket(source)
    useEffect(() => onSeen(lastMessage), [lastMessage, onSeen])
    return null
  }

  async function renderSeen(schedule?: Schedule) {
    const environment = createActedEnvironment()
    const connection = createConnection<number>(nextUrl(), { environment, schedule })
    const seen: (number | undefined)[] = []
    const onSeen = (message: number | undefined): void => void seen.push(message)
    render(<Seen source={connection} onSeen={onSeen} />)
    const { receive } = await openSocket(environment)
    seen.length = 0
    return { environment, seen, receive }
  }

  it('brings each message that has a task of its own to an effect', async () => {
    const { seen, receive } = await renderSeen()
    for (const { n } of countUp(20)) receive(n)
    expect(seen).toEqual(countUp(20).map(({ n }) => n))
  })

  it.each<[Schedule, number[], number[]]>([
    ['auto', [1], [1, 3]],
    ['frame', [], [3]],
    [200, [1], [1, 3]],
    ['sync', [1, 2, 3], [1, 2, 3]],
  ])('follows the schedule %s of the connection', async (schedule, atOnce, later) => {
    const { environment, seen, receive } = await renderSeen(schedule)
    await environment.advance(1000)
    for (const { n } of countUp(3)) receive(n)
    expect(seen).toEqual(atOnce)
    await environment.advance(200)
    expect(seen).toEqual(later)
  })

  it('waits for its schedule no longer once it is unmounted', async () => {
    const environment = createActedEnvironment()
    const connection = createConnection(nextUrl(), { environment, schedule: 'frame' })
    const page = render(<LastMessage source={connection} />)
    const { receive } = await openSocket(environment)
    receive(1)
    page.unmount()
    const onlyLinger = 1
    expect(environment.countTimers()).toBe(onlyLinger)
  })

  it('leaves onMessage undelayed', async () => {
    const environment = createActedEnvironment()
    const onMessage = vi.fn()
    render(
      <LastMessage source={nextUrl()} options={{ environment, schedule: 60_000, onMessage }} />,
    )
    const { receive } = await openSocket(environment)
    for (const { n } of countUp(3)) receive(n)
    expect(onMessage.mock.calls).toEqual([[1], [2], [3]])
  })
})

describe('a page that draws no frames', () => {
  function useFakeTimers(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.stubGlobal('requestAnimationFrame', () => 0)
    onTestFinished(() => {
      vi.useRealTimers()
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    })
  }

  it.each([
    ['is hidden', true, 16],
    ['is hidden after the message', false, 1000],
  ])('because it %s shows messages all the same', async (_, isHidden, durationMs) => {
    const { setFrame } = browserEnvironment
    const environment = { ...createActedEnvironment(), setFrame }
    const connection = createConnection<number>(nextUrl(), { environment })
    render(<Newest source={connection} schedule="frame" />)
    const { receive } = await openSocket(environment)
    useFakeTimers()
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden)
    receive(1)
    expect(readNewest()).toBe('')
    await act(async () => void (await vi.advanceTimersByTimeAsync(durationMs)))
    expect(readNewest()).toBe('1')
  })
})
