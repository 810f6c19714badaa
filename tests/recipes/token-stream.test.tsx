import { act, fireEvent, render, screen, type RenderResult } from '@testing-library/react'
import { Activity, version } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createStreamConnection,
  TokenStream,
  type StreamConnection,
  type StreamFromServer,
  type StreamToServer,
} from '../../docs/recipes/token-stream'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

const isReact18 = version.startsWith('18.')

describe('an answer that arrives token by token', () => {
  let environment: FakeEnvironment
  let connection: StreamConnection
  let page: RenderResult

  beforeEach(async () => {
    environment = createActedEnvironment()
    connection = createStreamConnection(nextUrl(), { environment })
    page = render(inMode('visible'))
    act(() => {
      fireEvent.change(screen.getByLabelText('Question'), { target: { value: 'Why?' } })
    })
    act(() => screen.getByRole('button', { name: 'Ask' }).click())
    await environment.advance(0)
  })

  function inMode(mode: 'visible' | 'hidden') {
    const stream = <TokenStream connection={connection} />
    return isReact18 ? stream : <Activity mode={mode}>{stream}</Activity>
  }

  const open = () => environment.newestSocket().open()

  /** Loses the link, and has another under way. */
  async function loseLink() {
    environment.newestSocket().cut()
    await environment.advance(10_000)
  }

  const stop = () => act(() => screen.getByRole('button', { name: 'Stop' }).click())

  const newestSent = () => environment.newestSocket().sentJSON().at(-1) as StreamToServer

  async function receive(...events: ((answer: string) => StreamFromServer)[]) {
    const { answer } = newestSent()
    for (const event of events) environment.newestSocket().receive(event(answer))
    await environment.advance(frameMs)
  }

  const token = (index: number, text: string) => (answer: string) =>
    ({ type: 'token', answer, index, text }) as const
  const end = (tokens: number) => (answer: string) =>
    ({ type: 'end', answer, reason: 'complete', tokens }) as const

  it('is asked for once on a link', async () => {
    await open()
    const { answer } = newestSent()
    await receive(token(0, 'Be'), token(1, 'cau'))
    const asked = { type: 'ask', answer, prompt: 'Why?', from: 0 }
    expect(environment.newestSocket().sentJSON()).toEqual([asked])
  })

  it('has each token once, also if it is told twice', async () => {
    await open()
    await receive(token(0, 'Be'), token(1, 'cau'), token(0, 'Be'), token(1, 'cau'), token(2, 'se.'))
    await receive(end(3))
    expect(screen.getByText('Because.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull()
  })

  it('is asked for from where it was, on the next link', async () => {
    await open()
    await receive(token(0, 'Be'), token(1, 'cau'))
    const { answer } = newestSent()
    await loseLink()
    expect(screen.getByText('Not connected. The answer goes on when it is.')).toBeVisible()
    await open()
    expect(newestSent()).toEqual({ type: 'ask', answer, prompt: 'Why?', from: 2 })
  })

  it('says that it was cut off if it has fewer tokens than there were', async () => {
    await open()
    await receive(token(0, 'Be'), token(2, 'se.'), end(3))
    expect(screen.getByText('Be')).toBeVisible()
    expect(screen.getByText(/^The answer was cut off here/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeVisible()
  })

  it('is stopped on the next link, too, if the one that was told is lost', async () => {
    await open()
    await receive(token(0, 'Be'))
    const { answer } = newestSent()
    stop()
    expect(newestSent()).toEqual({ type: 'stop', answer })
    await loseLink()
    await open()
    expect(environment.newestSocket().sentJSON()).toEqual([
      { type: 'ask', answer, prompt: 'Why?', from: 1 },
      { type: 'stop', answer },
    ])
  })

  it('is asked for before it is stopped, if that is told while there is no link', async () => {
    await open()
    await loseLink()
    stop()
    await open()
    const sent = environment.newestSocket().sentJSON() as StreamToServer[]
    expect(sent.map(({ type }) => type)).toEqual(['ask', 'stop'])
  })

  it.skipIf(isReact18)('goes on when it is shown again after it was hidden', async () => {
    const leave = connection.lease()
    await open()
    await receive(token(0, 'Be'))
    const { answer } = newestSent()
    page.rerender(inMode('hidden'))
    await receive(token(1, 'cau'))
    page.rerender(inMode('visible'))
    expect(newestSent()).toEqual({ type: 'ask', answer, prompt: 'Why?', from: 1 })
    await receive(token(1, 'cau'), token(2, 'se.'), end(3))
    expect(screen.getByText('Because.')).toBeVisible()
    leave()
  })
})
