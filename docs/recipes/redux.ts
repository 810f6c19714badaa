/**
 * Redux Toolkit: messages become actions, and actions become messages.
 *
 *     const live = createListenerMiddleware()
 *     listenToPrices(live, createConnection<Price, Watch>('/prices'))
 *     const store = configureStore({
 *       reducer: { prices: pricesSlice.reducer },
 *       middleware: (defaults) => defaults().prepend(live.middleware),
 *     })
 *     store.dispatch(started())
 *     store.dispatch(watched(['ACME']))
 *
 * Needs `@reduxjs/toolkit` 2.
 */
import {
  createAction,
  createSlice,
  type ListenerMiddlewareInstance,
  type PayloadAction,
} from '@reduxjs/toolkit'
import type { Connection, ConnectionStatus, Undo } from 'wirehook'

export interface Price {
  readonly type: 'price'
  readonly symbol: string
  readonly price: number
}

export interface Watch {
  readonly type: 'watch'
  readonly symbols: readonly string[]
}

export interface PricesState {
  readonly status: ConnectionStatus
  readonly bySymbol: Readonly<Record<string, number>>
  /** What the server is asked for, now and on every new link. */
  readonly watched: readonly string[]
}

const initialState: PricesState = { status: 'idle', bySymbol: {}, watched: [] }

/** Uses the connection until `stopped`. */
export const started = createAction('prices/started')
export const stopped = createAction('prices/stopped')

export const pricesSlice = createSlice({
  name: 'prices',
  initialState,
  reducers: {
    watched: (state, { payload }: PayloadAction<readonly string[]>) => ({
      ...state,
      watched: payload,
    }),
    priced: (state, { payload }: PayloadAction<Readonly<Record<string, number>>>) => ({
      ...state,
      bySymbol: { ...state.bySymbol, ...payload },
    }),
    // Only the status: what else is in a snapshot, an error for instance, is not for Redux.
    statusChanged: (state, { payload }: PayloadAction<ConnectionStatus>) => ({
      ...state,
      status: payload,
    }),
  },
})

export const { watched, priced, statusChanged } = pricesSlice.actions

/** What of the app's state is needed here. */
interface AppState {
  readonly prices: PricesState
}

export function listenToPrices(
  { startListening }: Pick<ListenerMiddlewareInstance, 'startListening'>,
  connection: Connection<Price, Watch>,
): void {
  const ask = (state: unknown): void => {
    const { watched: symbols } = (state as AppState).prices
    // Not queued: whoever opens a link asks on it.
    if (symbols.length > 0) connection.sendJSON({ type: 'watch', symbols }, { whenClosed: 'drop' })
  }

  startListening({
    actionCreator: started,
    effect: async (_started, { cancelActiveListeners, condition, dispatch, getState, signal }) => {
      const showStatus = () => dispatch(statusChanged(connection.getSnapshot().status))
      cancelActiveListeners()
      const undo = [
        dispatchPrices(connection, (prices) => dispatch(priced(prices))),
        connection.subscribe(showStatus),
        connection.on('open', () => ask(getState())),
        // Last, so that whoever listens is there before anything happens.
        connection.lease(),
      ]
      try {
        // The connection may be open already; it tells changes only.
        showStatus()
        ask(getState())
        await condition(stopped.match)
      } finally {
        undo.forEach((end) => end())
        // Cancelled by another `started`, it leaves the status to that one.
        if (!signal.aborted) dispatch(statusChanged('idle'))
      }
    },
  })

  startListening({ actionCreator: watched, effect: (_watched, { getState }) => ask(getState()) })
}

/** Takes in every price, and dispatches what came of them once a frame at most. */
function dispatchPrices(
  connection: Connection<Price>,
  onPrices: (prices: Readonly<Record<string, number>>) => void,
): Undo {
  let news: Record<string, number> = {}
  const plan = connection.planRender(() => {
    const told = news
    news = {}
    onPrices(told)
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
