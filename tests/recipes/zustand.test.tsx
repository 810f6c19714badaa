import { act, render, screen } from '@testing-library/react'
import { Profiler } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createConnection } from 'wirehook'
import { useStore } from 'zustand'
import {
  createPriceStore,
  type Price,
  type PriceStore,
  type Watch,
} from '../../docs/recipes/zustand'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

describe('a Zustand store of prices', () => {
  let environment: FakeEnvironment
  let store: PriceStore

  beforeEach(() => {
    environment = createActedEnvironment()
    store = createPriceStore(createConnection<Price, Watch>(nextUrl(), { environment }))
  })

  async function open() {
    await environment.advance(0)
    await environment.newestSocket().open()
  }

  function receive(symbol: string, price: number) {
    environment.newestSocket().receive({ type: 'price', symbol, price })
  }

  it('opens nothing before it is started, and lets go when that is undone', async () => {
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(0)

    const stop = store.start()
    await open()
    expect(store.getState().status).toBe('open')
    stop()
    expect(store.getState().status).toBe('idle')
    await environment.advance(2000)
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('has the newest price of each symbol', async () => {
    const stop = store.start()
    await open()
    receive('ACME', 1)
    receive('WAYNE', 2)
    receive('ACME', 3)
    await environment.advance(frameMs)
    expect(store.getState().bySymbol).toEqual({ ACME: 3, WAYNE: 2 })
    stop()
  })

  it('changes once a frame at most', async () => {
    const stop = store.start()
    await open()
    let changes = 0
    const forget = store.subscribe(() => (changes += 1))
    for (let price = 1; price <= 100; price += 1) receive('ACME', price)
    await environment.advance(frameMs)
    expect(store.getState().bySymbol).toEqual({ ACME: 100 })
    expect(changes).toBeLessThanOrEqual(2)
    forget()
    stop()
  })

  it('renders a component for the symbol it reads', async () => {
    const onRender = vi.fn()
    function Shown() {
      return <output>{useStore(store, ({ bySymbol }) => bySymbol.ACME)}</output>
    }
    render(
      <Profiler id="shown" onRender={onRender}>
        <Shown />
      </Profiler>,
    )
    const stop = store.start()
    await open()
    receive('ACME', 7)
    await environment.advance(frameMs)
    expect(screen.getByRole('status')).toHaveTextContent('7')
    onRender.mockClear()
    receive('WAYNE', 1)
    await environment.advance(frameMs)
    expect(onRender).not.toHaveBeenCalled()
    act(stop)
  })

  it('knows the status of a link that is open already, and asks it for what is watched', async () => {
    store.getState().watch(['ACME'])
    const stopFirst = store.start()
    await open()
    stopFirst()
    expect(store.getState().status).toBe('idle')
    const stop = store.start()
    expect(store.getState().status).toBe('open')
    const asked = { type: 'watch', symbols: ['ACME'] }
    expect(environment.newestSocket().sentJSON()).toEqual([asked, asked])
    stop()
  })

  it('asks every link for what is watched, and asks at once for what is new', async () => {
    store.getState().watch(['ACME'])
    const stop = store.start()
    await open()
    const first = environment.newestSocket()
    store.getState().watch(['ACME', 'WAYNE'])
    const asked = { type: 'watch', symbols: ['ACME', 'WAYNE'] }
    expect(first.sentJSON()).toEqual([{ type: 'watch', symbols: ['ACME'] }, asked])

    first.cut()
    await environment.advance(10_000)
    await environment.newestSocket().open()
    expect(environment.newestSocket()).not.toBe(first)
    expect(environment.newestSocket().sentJSON()).toEqual([asked])
    stop()
  })
})
