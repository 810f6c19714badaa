import { createConnection } from 'wirehook'

export type FromServer =
  | { readonly type: 'price'; readonly symbol: string; readonly price: number }
  | { readonly type: 'bought'; readonly id: string; readonly symbol: string }
  | { readonly type: 'pong' }

export type ToServer =
  { readonly type: 'buy'; readonly id: string; readonly symbol: string } | { readonly type: 'ping' }

/** One connection for the whole app; it opens with the first component that uses it. */
export const market = createConnection<FromServer, ToServer>('/market', {
  topicOf: (message) => (message.type === 'price' ? message.symbol : message.type),
  heartbeat: { intervalMs: 20_000 },
})
