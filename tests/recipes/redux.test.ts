import { configureStore, createListenerMiddleware } from '@reduxjs/toolkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { createConnection } from 'wirehook'
import {
  listenToPrices,
  pricesSlice,
  started,
  stopped,
  watched,
  type Price,
  type Watch,
} from '../../docs/recipes/redux'
import { frameMs, type FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

function createApp(environment: FakeEnvironment) {
  const live = createListenerMiddleware()
  listenToPrices(live, createConnection<Price, Watch>(nextUrl(), { environment }))
  return configureStore({
    reducer: { prices: pricesSlice.reducer },
    middleware: (defaults) => defaults().prepend(live.middleware),
  })
}

describe('a Redux store of prices', () => {
  let environment: FakeEnvironment
  let store: ReturnType<typeof createApp>

  beforeEach(() => {
    environment = createActedEnvironment()
    store = createApp(environment)
  })

  async function open() {
    await environment.advance(0)
    await environment.newestSocket().open()
  }

  function receive(symbol: string, price: number) {
    environment.newestSocket().receive({ type: 'price', symbol, price })
  }

  it('uses the connection from started to stopped', async () => {
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(0)

    store.dispatch(started())
    await open()
    expect(store.getState().prices.status).toBe('open')
    store.dispatch(stopped())
    await environment.advance(2000)
    expect(store.getState().prices.status).toBe('idle')
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('uses it once, however often it is started', async () => {
    store.dispatch(started())
    store.dispatch(started())
    await open()
    let changes = 0
    const forget = store.subscribe(() => (changes += 1))
    receive('ACME', 1)
    await environment.advance(frameMs)
    expect(environment.sockets).toHaveLength(1)
    expect(store.getState().prices).toMatchObject({ status: 'open', bySymbol: { ACME: 1 } })
    expect(changes).toBe(1)
    forget()
    store.dispatch(stopped())
    await environment.advance(2000)
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('knows the status if it is started again while the link is open', async () => {
    store.dispatch(started())
    await open()
    store.dispatch(started())
    await environment.advance(0)
    expect(store.getState().prices.status).toBe('open')

    store.dispatch(stopped())
    await environment.advance(0)
    expect(store.getState().prices.status).toBe('idle')
    store.dispatch(started())
    await environment.advance(0)
    expect(store.getState().prices.status).toBe('open')

    store.dispatch(stopped())
    store.dispatch(started())
    await environment.advance(0)
    expect(store.getState().prices.status).toBe('open')
    expect(environment.sockets).toHaveLength(1)
    store.dispatch(stopped())
  })

  it('asks a link that is open already for what is watched', async () => {
    store.dispatch(watched(['ACME']))
    store.dispatch(started())
    await open()
    store.dispatch(stopped())
    await environment.advance(0)
    store.dispatch(started())
    const asked = { type: 'watch', symbols: ['ACME'] }
    expect(environment.newestSocket().sentJSON()).toEqual([asked, asked])
    store.dispatch(stopped())
  })

  it('has the newest price of each symbol, and changes once a frame at most', async () => {
    store.dispatch(started())
    await open()
    let changes = 0
    const forget = store.subscribe(() => (changes += 1))
    for (let price = 1; price <= 100; price += 1) receive('ACME', price)
    receive('WAYNE', 2)
    await environment.advance(frameMs)
    expect(store.getState().prices.bySymbol).toEqual({ ACME: 100, WAYNE: 2 })
    expect(changes).toBeLessThanOrEqual(2)
    forget()
    store.dispatch(stopped())
  })

  it('asks every link for what is watched, and asks at once for what is new', async () => {
    store.dispatch(watched(['ACME']))
    store.dispatch(started())
    await open()
    const first = environment.newestSocket()
    store.dispatch(watched(['ACME', 'WAYNE']))
    await environment.advance(0)
    const asked = { type: 'watch', symbols: ['ACME', 'WAYNE'] }
    expect(first.sentJSON()).toEqual([{ type: 'watch', symbols: ['ACME'] }, asked])

    first.cut()
    await environment.advance(10_000)
    expect(store.getState().prices.status).toBe('reconnecting')
    await environment.newestSocket().open()
    expect(environment.newestSocket()).not.toBe(first)
    expect(environment.newestSocket().sentJSON()).toEqual([asked])
    store.dispatch(stopped())
  })
})
