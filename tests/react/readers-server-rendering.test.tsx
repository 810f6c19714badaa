// @vitest-environment node
import { StrictMode, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { createConnection, useMessage, useRequest, WebSocketProvider } from 'wirehook'
import { createFakeEnvironment } from '../fake-environment'
import type { Message } from './live'
import { Latest, List, Story, type ReaderProps } from './readers'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

function Listener({ source, topic }: ReaderProps): ReactElement {
  useMessage<Message>(() => {}, { source, topic })
  return <p>listener</p>
}

function Asker({ source }: ReaderProps): ReactElement {
  const { pending, data, error } = useRequest({ source })
  return <p>{JSON.stringify({ pending, data, error })}</p>
}

function textOf(element: ReactElement): string {
  const markup = renderToString(<StrictMode>{element}</StrictMode>)
  return markup.replace(/<[^>]*>/g, '\n').replaceAll('&quot;', '"')
}

const every = (props: ReaderProps): ReactElement => (
  <>
    <Latest {...props} />
    <List {...props} />
    <Story {...props} />
    <Listener {...props} />
    <Asker {...props} />
  </>
)

const initial = ['[]', '"once"', 'listener', '{"pending":false}']

it.each<[string, ReactElement]>([
  ['a URL', every({ source: 'wss://live.test/' })],
  [
    'the relative URL of a provider',
    <WebSocketProvider key="provider" url="/live">
      {every({})}
    </WebSocketProvider>,
  ],
  ['null', every({ source: null })],
])('a server renders each hook with its initial value: %s', (_, element) => {
  expect(textOf(element).split('\n').filter(Boolean)).toEqual(initial)
})

it(
  'a server shows nothing of a connection that is in use, and takes no lease',
  { tags: ['fault-77'] },
  async () => {
    const environment = createFakeEnvironment()
    const connection = createConnection<Message>('wss://live.test/', { environment })
    const release = connection.lease()
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive({ type: 'a', n: 1 })
    const text = textOf(every({ source: connection, topic: 'a', schedule: 'frame' }))
    environment.newestSocket().receive({ type: 'a', n: 2 })
    release()
    await environment.advance(1000)
    expect(text.split('\n').filter(Boolean)).toEqual(initial)
    expect(environment.countLiveSockets()).toBe(0)
    expect(environment.countTimers()).toBe(0)
  },
)
