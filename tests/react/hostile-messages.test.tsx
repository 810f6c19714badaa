import { render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import {
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useWebSocket,
  WebSocketProvider,
} from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

interface Chat {
  readonly type: string
  readonly text: string
}

const heard: unknown[] = []

/** Shows the newest message in every way there is, with nothing done to make it safe. */
function Board() {
  const { lastMessage } = useWebSocket<Chat>()
  const latest = useLatestMessage<Chat>('chat')
  const selected = useLatestMessage('chat', { select: ({ text }: Chat) => text })
  const list = useMessages({ topic: 'chat' }) as readonly Chat[]
  const folded = useMessageReducer((all: string, { text }: Chat) => all + text, '', {
    topic: 'chat',
  })
  useMessage((message) => heard.push(message))
  return (
    <>
      <p title={lastMessage?.text}>{lastMessage?.text}</p>
      <p title={latest?.text}>{latest?.text}</p>
      <p title={selected}>{selected}</p>
      <ul>
        {list.map(({ text }, index) => (
          <li key={index} title={text}>
            {text}
          </li>
        ))}
      </ul>
      <p title={folded}>{folded}</p>
    </>
  )
}

/** Shows only how a message begins; the rest of it may be anything. */
function Outline({ message }: { readonly message: unknown }) {
  return <span>{Array.isArray(message) ? 'a list' : typeof message}</span>
}

function Outlines() {
  const { lastMessage, invalidMessages } = useWebSocket()
  const latest = useLatestMessage()
  const list = useMessages({ limit: 2 })
  const folded = useMessageReducer((_newest: unknown, message: unknown) => message, null)
  return (
    <p data-testid="outlines" title={String(invalidMessages)}>
      <Outline message={lastMessage} /> <Outline message={latest} />{' '}
      <Outline message={list.at(-1)} /> <Outline message={folded} />
    </p>
  )
}

async function openPage(children: ReactNode) {
  const environment = createActedEnvironment()
  const url = nextUrl()
  const page = render(
    <WebSocketProvider url={url} environment={environment} onInvalid={() => {}} schedule="sync">
      {children}
    </WebSocketProvider>,
  )
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  return { ...page, environment, socket }
}

function readPrototypes(): unknown {
  return [Object.prototype, Array.prototype, Function.prototype].map((prototype) =>
    Reflect.ownKeys(prototype),
  )
}

const prototypesBefore = readPrototypes()

afterEach(() => {
  heard.length = 0
  expect(readPrototypes()).toEqual(prototypesBefore)
  expect(globalThis).not.toHaveProperty('isHacked')
})

describe('a hostile message', () => {
  it.each([
    ['HTML', '<img src=x onerror="globalThis.isHacked = true"><script>isHacked = 1</script>'],
    ['a link', 'javascript:globalThis.isHacked=1'],
    ['lone surrogates', 'a\udc00z\ud800'],
    ['the name of a prototype', '__proto__'],
  ])('with %s reaches the page as text', async (_kind, text) => {
    const { container, socket } = await openPage(<Board />)
    socket.receive({ type: 'chat', text })
    const shown = [...container.querySelectorAll('[title]')]
    expect(shown.map((element) => element.textContent)).toEqual(Array(5).fill(text))
    expect(shown.map((element) => element.getAttribute('title'))).toEqual(Array(5).fill(text))
    expect(container.querySelectorAll('img, script, a')).toHaveLength(0)
    expect(heard).toEqual([{ type: 'chat', text }])
  })

  it.each([
    '{"type":"chat","text":"hello","__proto__":{"text":"other","isAdmin":true}}',
    '{"type":"chat","text":"hello","constructor":{"prototype":{"isAdmin":true}}}',
  ])('changes no prototype with %s', async (frame) => {
    const { container, socket } = await openPage(<Board />)
    socket.receiveFrame(frame)
    expect(container.querySelector('p')?.textContent).toBe('hello')
    expect(JSON.stringify(heard)).toBe(`[${frame}]`)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('a million levels deep does not take the page down', async () => {
    const { environment, socket } = await openPage(<Outlines />)
    const depth = 1_000_000
    socket.receiveFrame(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    await environment.advance(0)
    const { textContent, title } = screen.getByTestId('outlines')
    const outcome =
      title === '0' ? 'a list a list a list a list' : 'undefined undefined undefined object'
    expect(textContent).toBe(outcome)
    socket.receive('next')
    await environment.advance(0)
    expect(screen.getByTestId('outlines').textContent).toBe('string string string string')
    expect(environment.reportedErrors).toEqual([])
  })
})
