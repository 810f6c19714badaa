/**
 * A Zustand store that a connection keeps up to date, in or out of React:
 *
 *     const prices = createPriceStore(createConnection<Price, Watch>('/prices'))
 *     const stop = prices.start() // for as long as the app needs them
 *
 *     const price = useStore(prices, (state) => state.bySymbol['ACME'])
 *
 * Needs `zustand` 5.
 */
import type { Connection, ConnectionStatus, Undo } from 'wirehook'
import { createStore, type StoreApi } from 'zustand'

export interface Price {
  readonly type: 'price'
  readonly symbol: string
  readonly price: number
}

export interface Watch {
  readonly type: 'watch'
  readonly symbols: readonly string[]
}

export interface PriceState {
  readonly status: ConnectionStatus
  readonly bySymbol: Readonly<Record<string, number>>
  /** What the server is asked for, now and on every new link. */
  readonly watched: readonly string[]
  readonly watch: (symbols: readonly string[]) => void
}

export interface PriceStore extends StoreApi<PriceState> {
  /** Uses the connection until it is undone. */
  start(): Undo
}

export function createPriceStore(connection: Connection<Price, Watch>): PriceStore {
  const store = createStore<PriceState>()((set) => ({
    status: connection.getSnapshot().status,
    bySymbol: {},
    watched: [],
    watch(symbols) {
      set({ watched: symbols })
      ask()
    },
  }))

  /** Not queued: whoever opens a link asks on it. */
  function ask(): void {
    const { watched } = store.getState()
    if (watched.length > 0) {
      connection.sendJSON({ type: 'watch', symbols: watched }, { whenClosed: 'drop' })
    }
  }

  /** Takes in every price, and tells the readers of the store once a frame at most. */
  function takePrices(): Undo {
    let news: Record<string, number> = {}
    const plan = connection.planRender(() => {
      const told = news
      news = {}
      store.setState(({ bySymbol }) => ({ bySymbol: { ...bySymbol, ...told } }))
    })
    const detach = connection.on('message', ({ symbol, price }) => {
      news[symbol] = price
      plan.request()
    })
    return () => {
      detach()
      plan.cancel()
    }
  }

  function start(): Undo {
    const showStatus = (): void => store.setState({ status: connection.getSnapshot().status })
    const undo = [
      takePrices(),
      connection.subscribe(showStatus),
      connection.on('open', ask),
      // Last, so that whoever listens is there before anything happens.
      connection.lease(),
    ]
    // The connection may be open already; it tells changes only.
    showStatus()
    ask()
    return () => {
      undo.forEach((end) => end())
      store.setState({ status: 'idle' })
    }
  }

  return { ...store, start }
}
