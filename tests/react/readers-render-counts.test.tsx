import { act, render, screen } from '@testing-library/react'
import { Profiler, type ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { createConnection, useMessage } from 'wirehook'
import { frameMs } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { countUp, openSocket, receiveInOneTask, type Message } from './live'
import { Latest, List, Story, write, type ReaderProps } from './readers'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

/** Counts the renders of whatever is in a profiler, by its id. */
function countRenders() {
  const counts = new Map<string, number>()
  const onRender = (id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1)
  return { counts, onRender }
}

function createLive() {
  const environment = createActedEnvironment()
  return { environment, connection: createConnection<Message>(nextUrl(), { environment }) }
}

const thousand = countUp(1000)

describe('1,000 components that read the status, one that reads the latest of a topic', () => {
  async function renderMany() {
    const { environment, connection } = createLive()
    const { counts, onRender } = countRenders()
    render(
      <>
        {thousand.map(({ n }) => (
          <Profiler key={n} id={`status ${n}`} onRender={onRender}>
            <Status source={connection} />
          </Profiler>
        ))}
        <Profiler id="latest" onRender={onRender}>
          <Latest source={connection} topic="a" />
        </Profiler>
      </>,
    )
    await openSocket(environment)
    counts.clear()
    return { environment, counts }
  }

  it('and 1,000 messages: exactly one component renders', async () => {
    const { environment, counts } = await renderMany()
    for (const message of thousand) environment.newestSocket().receive(message)
    await environment.advance(1000)
    expect([...counts.keys()]).toEqual(['latest'])
    expect(screen.getByTestId('reader').textContent).toBe(write(thousand.at(-1)))
  })

  it('and 1,000 messages of another topic: none renders', async () => {
    const { environment, counts } = await renderMany()
    for (const message of countUp(1000, 'b')) environment.newestSocket().receive(message)
    await environment.advance(1000)
    expect(counts.size).toBe(0)
  })

  it('and 1,000 messages in one task: it renders twice', async () => {
    const { environment, counts } = await renderMany()
    receiveInOneTask(environment, thousand)
    await environment.advance(1000)
    expect([...counts]).toEqual([['latest', 2]])
  })
})

describe.each<[string, (props: ReaderProps) => ReactElement]>([
  ['useLatestMessage', Latest],
  ['useMessages', List],
  ['useMessageReducer', Story],
])('100 components with %s, each on a topic of its own,', (_, Reader) => {
  it('render for their own messages only, once for each', async () => {
    const { environment, connection } = createLive()
    const { counts, onRender } = countRenders()
    const topics = countUp(100).map(({ n }) => `topic ${n}`)
    render(
      <>
        {topics.map((topic) => (
          <Profiler key={topic} id={topic} onRender={onRender}>
            <Reader source={connection} topic={topic} />
          </Profiler>
        ))}
      </>,
    )
    await openSocket(environment)
    await environment.advance(1000)
    counts.clear()
    for (const [index, type] of topics.entries()) {
      environment.newestSocket().receive({ type, n: index })
      await environment.advance(frameMs)
      expect([...counts]).toEqual([[type, 1]])
      counts.clear()
    }
  })
})

it('all readers of a connection render together, twice at most for 1,000 messages', async () => {
  const { environment, connection } = createLive()
  const { counts, onRender } = countRenders()
  const heard: Message[] = []
  function Listener({ onMessage }: { onMessage: (message: Message) => void }): null {
    useMessage<Message>(onMessage, { source: connection })
    return null
  }
  render(
    <Profiler id="all" onRender={onRender}>
      <Latest source={connection} id="latest" />
      <List source={connection} limit={Infinity} id="list" />
      <Story source={connection} id="story" />
      <Listener onMessage={(message) => void heard.push(message)} />
    </Profiler>,
  )
  await openSocket(environment)
  counts.clear()
  act(() => thousand.forEach((message) => environment.newestSocket().receive(message)))
  expect(heard).toEqual(thousand)
  await environment.advance(1000)
  expect(counts.get('all')).toBe(2)
  expect(screen.getByTestId('latest').textContent).toBe(write(thousand.at(-1)))
  expect(screen.getByTestId('list').textContent).toBe(write(thousand))
})

it('a component that reads lastMessage costs its neighbours nothing', async () => {
  const { environment, connection } = createLive()
  const { counts, onRender } = countRenders()
  render(
    <>
      <Profiler id="last" onRender={onRender}>
        <LastMessage source={connection} />
      </Profiler>
      <Profiler id="status" onRender={onRender}>
        <Status source={connection} />
      </Profiler>
      <Profiler id="other topic" onRender={onRender}>
        <Latest source={connection} topic="b" />
      </Profiler>
    </>,
  )
  await openSocket(environment)
  counts.clear()
  for (const message of countUp(10)) environment.newestSocket().receive(message)
  await environment.advance(1000)
  expect([...counts]).toEqual([['last', 10]])
})
