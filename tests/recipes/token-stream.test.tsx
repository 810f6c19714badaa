import { act, fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createStreamConnection,
  TokenStream,
  type StreamFromServer,
  type StreamToServer,
} from '../../docs/recipes/token-stream'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

describe('an answer that arrives token by token', () => {
  let environment: FakeEnvironment

  beforeEach(async () => {
    environment = createActedEnvironment()
    const connection = createStreamConnection(nextUrl(), { environment })
    render(<TokenStream connection={connection} />)
    act(() => {
      fireEvent.change(screen.getByLabelText('Question'), { target: { value: 'Why?' } })
    })
    act(() => screen.getByRole('button', { name: 'Ask' }).click())
    await environment.advance(0)
    await environment.newestSocket().open()
  })

  const newestAsked = () => environment.newestSocket().sentJSON().at(-1) as StreamToServer

  async function receive(...events: ((answer: string) => StreamFromServer)[]) {
    const { answer } = newestAsked()
    for (const event of events) environment.newestSocket().receive(event(answer))
    await environment.advance(frameMs)
  }

  const token = (index: number, text: string) => (answer: string) =>
    ({ type: 'token', answer, index, text }) as const
  const end = (tokens: number) => (answer: string) =>
    ({ type: 'end', answer, reason: 'complete', tokens }) as const

  it('has each token once, also if it is told twice', async () => {
    await receive(token(0, 'Be'), token(1, 'cau'), token(0, 'Be'), token(1, 'cau'), token(2, 'se.'))
    await receive(end(3))
    expect(screen.getByText('Because.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull()
  })

  it('is asked for from where it was, on the next link', async () => {
    await receive(token(0, 'Be'), token(1, 'cau'))
    const { answer } = newestAsked()
    environment.newestSocket().cut()
    await environment.advance(10_000)
    expect(screen.getByText('Not connected. The answer goes on when it is.')).toBeVisible()
    await environment.newestSocket().open()
    expect(newestAsked()).toEqual({ type: 'ask', answer, prompt: 'Why?', from: 2 })
  })

  it('says that it was cut off if it has fewer tokens than there were', async () => {
    await receive(token(0, 'Be'), token(2, 'se.'), end(3))
    expect(screen.getByText('Be')).toBeVisible()
    expect(screen.getByText(/^The answer was cut off here/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeVisible()
  })
})
