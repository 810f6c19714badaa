/**
 * TanStack Query fetches, messages keep what it has fetched up to date:
 *
 *     const live = createConnection<OrdersFromServer>('/live')
 *
 *     useLiveOrders(live) // once, near the root
 *     const { data } = useQuery(ordersQuery(fetchOrders)) // wherever orders are shown
 *
 * Needs `@tanstack/react-query` 5.
 */
'use client'

import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useMessage, useWebSocket, type Connection } from 'wirehook'

export interface Order {
  readonly id: string
  readonly state: 'open' | 'paid' | 'sent'
}

export type OrdersFromServer =
  /** What an order is now. */
  | { readonly type: 'order'; readonly order: Order }
  /** More has changed than is worth telling. */
  | { readonly type: 'orders-changed' }

const ordersKey = ['orders']

/** Never stale by itself: messages say when it is. */
export function ordersQuery(fetchOrders: (signal: AbortSignal) => Promise<readonly Order[]>) {
  return queryOptions({
    queryKey: ordersKey,
    queryFn: async ({ signal }) => fetchOrders(signal),
    staleTime: Infinity,
  })
}

export function useLiveOrders(connection: Connection<OrdersFromServer>): void {
  const client = useQueryClient()
  useMessage(({ order }) => putOrder(client, order), { source: connection, type: 'order' })
  useMessage(() => refetch(client), { source: connection, type: 'orders-changed' })
  // Nobody has told what changed while there was no link. That is so before the first one, too: what
  // was fetched then is asked for again. For less traffic, look at `reconnected`.
  useWebSocket(connection, { onOpen: () => refetch(client) })
}

function putOrder(client: QueryClient, order: Order): void {
  client.setQueryData<readonly Order[]>(ordersKey, (orders) => orders && withOrder(orders, order))
  // An answer that is on its way may be from before the message, so it is asked for again.
  if (client.isFetching({ queryKey: ordersKey }) > 0) refetch(client)
}

/** Asks now if it is on screen, else when it will be. An answer on its way is given up. */
function refetch(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ordersKey })
}

function withOrder(orders: readonly Order[], order: Order): readonly Order[] {
  const isKnown = orders.some(({ id }) => id === order.id)
  return isKnown
    ? orders.map((other) => (other.id === order.id ? order : other))
    : [...orders, order]
}
