import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createConnection } from 'wirehook'
import {
  ordersQuery,
  useLiveOrders,
  type Order,
  type OrdersFromServer,
} from '../../docs/recipes/tanstack-query'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'
import type { FakeEnvironment } from '../fake-environment'

/** A server whose answers the test gives, one for each time it is asked. */
function createOrdersServer() {
  const answers: ((orders: readonly Order[]) => void)[] = []
  const fetchOrders = vi.fn<(signal: AbortSignal) => Promise<readonly Order[]>>(
    async () => new Promise((resolve) => answers.push(resolve)),
  )
  return {
    fetchOrders,
    /** Answers the newest question. */
    async answer(...orders: Order[]) {
      await act(async () => {
        answers.at(-1)?.(orders)
        await Promise.resolve()
      })
    },
  }
}

function mountOrders(environment: FakeEnvironment) {
  const connection = createConnection<OrdersFromServer>(nextUrl(), { environment })
  const server = createOrdersServer()
  const client = new QueryClient()
  onTestFinished(() => client.clear())

  function Orders() {
    useLiveOrders(connection)
    const { data } = useQuery(ordersQuery(server.fetchOrders))
    return <output>{data?.map(({ id, state }) => `${id} ${state}`).join(', ') ?? 'none'}</output>
  }

  const page = (content: ReactNode) => (
    <QueryClientProvider client={client}>{content}</QueryClientProvider>
  )
  const { rerender } = render(page(<Orders key="first" />))
  return { ...server, mountAgain: () => rerender(page(<Orders key="second" />)) }
}

describe('orders from TanStack Query', () => {
  let environment: FakeEnvironment

  beforeEach(() => {
    environment = createActedEnvironment()
  })

  async function open() {
    await environment.advance(0)
    await environment.newestSocket().open()
  }

  async function receive(message: OrdersFromServer) {
    environment.newestSocket().receive(message)
    await environment.advance(0)
  }

  const shows = async (text: string) => screen.findByText(text)

  it('are changed by a message, without being fetched', async () => {
    const { answer, fetchOrders } = mountOrders(environment)
    await open()
    await answer({ id: 'a', state: 'open' }, { id: 'b', state: 'open' })
    const fetched = fetchOrders.mock.calls.length

    await receive({ type: 'order', order: { id: 'a', state: 'paid' } })
    await receive({ type: 'order', order: { id: 'c', state: 'open' } })
    await shows('a paid, b open, c open')
    expect(fetchOrders).toHaveBeenCalledTimes(fetched)
  })

  it('are fetched again when a message says no more than that they have changed', async () => {
    const { answer, fetchOrders } = mountOrders(environment)
    await open()
    await answer({ id: 'a', state: 'open' })
    const fetched = fetchOrders.mock.calls.length

    await receive({ type: 'orders-changed' })
    expect(fetchOrders).toHaveBeenCalledTimes(fetched + 1)
    await answer({ id: 'a', state: 'sent' })
    await shows('a sent')
  })

  it('are not fetched for a component that is mounted later', async () => {
    const { answer, fetchOrders, mountAgain } = mountOrders(environment)
    await open()
    await answer({ id: 'a', state: 'open' })
    await shows('a open')
    const fetched = fetchOrders.mock.calls.length
    mountAgain()
    await shows('a open')
    expect(fetchOrders).toHaveBeenCalledTimes(fetched)
  })

  it('are fetched again after a lost link', async () => {
    const { answer, fetchOrders } = mountOrders(environment)
    await open()
    await answer({ id: 'a', state: 'open' })
    const fetched = fetchOrders.mock.calls.length

    environment.newestSocket().cut()
    await environment.advance(10_000)
    await shows('a open')
    expect(fetchOrders).toHaveBeenCalledTimes(fetched)
    await environment.newestSocket().open()
    await answer({ id: 'a', state: 'paid' })
    await shows('a paid')
    expect(fetchOrders).toHaveBeenCalledTimes(fetched + 1)
  })

  it('that were fetched before the link was there are fetched again when it is', async () => {
    const { answer, fetchOrders } = mountOrders(environment)
    await answer({ id: 'a', state: 'open' })
    await shows('a open')
    await open()
    await answer({ id: 'a', state: 'paid' })
    await shows('a paid')
    expect(fetchOrders).toHaveBeenCalledTimes(2)
  })

  it('do not go back to an answer that is older than a message', async () => {
    const { answer, fetchOrders } = mountOrders(environment)
    await open()
    await answer({ id: 'a', state: 'open' })
    await receive({ type: 'orders-changed' })
    const signal = fetchOrders.mock.calls.at(-1)?.[0]

    await receive({ type: 'order', order: { id: 'a', state: 'sent' } })
    expect(signal?.aborted).toBe(true)
    await shows('a sent')
    await answer({ id: 'a', state: 'sent' })
    await shows('a sent')
  })
})
