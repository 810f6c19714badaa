import type { CloseInfo } from './connection'
import type { ReconnectOptions, ResolvedOptions } from './connection-options'
import {
  initialState,
  transition,
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
} from './connection-machine'
import type { Environment } from './environment'
import { guard } from './guard'
import { createTimer } from './timer'

/**
 * Runs the connection machine: tells it the time, keeps its one timer, listens to the page for it
 * while the connection is wanted. A new state counts before its effects are performed.
 *
 * @returns takes an event
 */
export function runMachine(
  environment: Environment,
  readOptions: () => ResolvedOptions,
  readShownUrl: () => string,
  onState: (state: ConnectionState, event: ConnectionEvent) => void,
  perform: (effect: Effect, state: ConnectionState) => void,
): (event: ConnectionEvent) => void {
  const retry = createTimer(environment)
  let state = initialState
  let unwatchPage: (() => void) | undefined

  function watchPage(): void {
    const isWanted = state.name !== 'idle' && state.name !== 'closed' && state.name !== 'failed'
    if (isWanted === !!unwatchPage) return
    unwatchPage?.()
    // Without the page it still connects; an environment that throws is reported.
    unwatchPage = isWanted
      ? guard(environment, () => environment.watchPage((type) => dispatch({ type })))
      : undefined
  }

  /** A rule of the user's that throws leaves it to the rules for close codes. */
  function decide(close: CloseInfo): ReturnType<NonNullable<ReconnectOptions['decide']>> {
    return guard(environment, () => readOptions().reconnect.decide?.(close))
  }

  function dispatch(event: ConnectionEvent): void {
    const { reconnect } = readOptions()
    const before = state
    const step = transition(before, event, {
      at: environment.now(),
      random: environment.random(),
      isOnline: environment.isOnline(),
      isHidden: environment.isHidden(),
      shownUrl: readShownUrl(),
      options: { reconnect: { ...reconnect, decide } },
    })
    // The user's decide may have closed or reconnected, which counts for more than any end.
    if (state !== before) return
    if (step.state !== before) {
      state = step.state
      const retryAt = state.name === 'waiting' ? state.retryAt : null
      retry.set(retryAt ?? Infinity, () => dispatch({ type: 'retry-due' }))
      watchPage()
      onState(state, event)
    }
    for (const effect of step.effects) {
      // An abort listener may have done so, too: what has happened is still told, nothing is begun.
      const isPast = effect === 'announce-close' || effect === 'announce-failure'
      if (isPast || state === step.state) perform(effect, step.state)
    }
  }

  return dispatch
}
