import type { CloseInfo, ConnectionStatus, PauseReason } from './connection'
import type { ResolvedOptions } from './connection-options'
import { WirehookError } from './errors'
import { judge } from './retry-policy'

/** What every state remembers. */
interface Memory {
  /** Number of the newest attempt; what an older one reports is ignored. */
  readonly generation: number
  /** Ends in a row since the connection was last good. */
  readonly failures: number
  /** When the first of these ends was. */
  readonly lostAt: number
  readonly lastClose: CloseInfo | null
}

type Situation =
  | { readonly name: 'idle' | 'closed' }
  /** An attempt is under way, up to the end of the handshake. */
  | { readonly name: 'connecting'; readonly step: 'asking' | 'dialling' }
  | { readonly name: 'open'; readonly openedAt: number }
  | {
      readonly name: 'waiting'
      /** When the next attempt starts; `null` while it is paused. */
      readonly retryAt: number | null
      readonly pausedBy: PauseReason | null
      /** Neither the network nor the page coming back starts an attempt before this time. */
      readonly notBefore: number
    }
  | { readonly name: 'failed'; readonly error: WirehookError }

export type ConnectionState = Memory & Situation

/** Facts, named in the past. Those with a generation come from that attempt. */
export type ConnectionEvent =
  | { readonly type: 'lease-taken' }
  | { readonly type: 'users-left' }
  | { readonly type: 'reconnect-requested' }
  | { readonly type: 'close-requested'; readonly code: number; readonly reason: string }
  | { readonly type: 'retry-due' }
  | { readonly type: 'network-lost' }
  /** The network or the page came back. */
  | { readonly type: 'woken' }
  /** The page went into the back/forward cache. */
  | { readonly type: 'page-cached' }
  | (AttemptReport & { readonly generation: number })

/** What an attempt reports. */
export type AttemptReport =
  /** The user's functions have answered; what follows is between us and the server. */
  | { readonly type: 'address-found' }
  /** The socket is open and the handshake, if there is one, has completed. */
  | { readonly type: 'opened' }
  /** The configuration cannot work, however often it is tried. */
  | { readonly type: 'refused'; readonly error: WirehookError }
  | {
      readonly type: 'ended'
      readonly ending: Ending
      /** A message has come in, or a handshake has completed: opening alone proves nothing. */
      readonly isProven: boolean
    }

/** How it ended, as far as the attempt knows. */
export type Ending = Pick<CloseInfo, 'code' | 'reason' | 'wasClean' | 'by' | 'error'>

/** Orders to the runner, carried out in this order; what they need stands in the new state. */
export type Effect =
  /** Ends what the attempt holds: its signal, its handlers, its socket. */
  | 'end-attempt'
  | 'announce-close'
  | 'start-attempt'
  | 'announce-open'
  | 'announce-failure'
  /** Asks the open socket for a sign of life, with a short deadline. */
  | 'probe'

export interface Step {
  readonly state: ConnectionState
  readonly effects: readonly Effect[]
}

/** The circumstances of an event; the machine itself looks at no clock and rolls no dice. */
export interface Circumstances {
  readonly at: number
  readonly random: number
  readonly isOnline: boolean
  readonly isHidden: boolean
  /** The URL as it may be shown in messages. */
  readonly shownUrl: string
  readonly options: Pick<ResolvedOptions, 'reconnect'>
}

export const initialState: ConnectionState = {
  name: 'idle',
  generation: 0,
  failures: 0,
  lostAt: 0,
  lastClose: null,
}

/** After the network or the page came back, clients spread over this long before they connect. */
const wakeSpreadMs = 500

/** A hidden page that has tried for this long waits until somebody looks at it. */
const hiddenPatienceMs = 300_000

/** A token that is refused sooner was never good, and another one would be no better. */
const leastTokenLifeMs = 1000

/** The next state and what has to be done. An event that a state does not expect changes nothing. */
export function transition(
  state: ConnectionState,
  event: ConnectionEvent,
  now: Circumstances,
): Step {
  const next =
    'generation' in event ? afterReport(state, event, now) : afterRequest(state, event, now)
  const isWakeUp = event.type === 'woken' || event.type === 'network-lost'
  return {
    state: next,
    effects: isWakeUp && next.name === 'open' ? ['probe'] : effectsBetween(state, next),
  }
}

export function statusOf({ name, lastClose }: ConnectionState): ConnectionStatus {
  return name === 'waiting' || (name === 'connecting' && lastClose) ? 'reconnecting' : name
}

/** Whether an attempt is under way or has led to an open socket. */
function isLive({ name }: ConnectionState): boolean {
  return name === 'connecting' || name === 'open'
}

const entryEffects: Partial<Record<ConnectionState['name'], Effect>> = {
  connecting: 'start-attempt',
  open: 'announce-open',
  failed: 'announce-failure',
}

/** What is to be done follows from what has changed, so no path can forget it. */
function effectsBetween(before: ConnectionState, after: ConnectionState): Effect[] {
  const effects: Effect[] = []
  const isNewAttempt = after.generation !== before.generation
  const entryEffect = entryEffects[after.name]
  if (isLive(before) && (isNewAttempt || !isLive(after))) effects.push('end-attempt')
  if (after.lastClose && after.lastClose !== before.lastClose) effects.push('announce-close')
  if (entryEffect && (isNewAttempt || after.name !== before.name)) effects.push(entryEffect)
  return effects
}

function enter(
  { generation, failures, lostAt, lastClose }: ConnectionState,
  situation: Situation,
): ConnectionState {
  return { generation, failures, lostAt, lastClose, ...situation }
}

function wait(
  state: ConnectionState,
  pausedBy: PauseReason | null,
  retryAt: number,
  notBefore: number,
): ConnectionState {
  return enter(state, {
    name: 'waiting',
    pausedBy,
    retryAt: pausedBy ? null : retryAt,
    notBefore,
  })
}

function connect(state: ConnectionState): ConnectionState {
  const next = { ...state, generation: state.generation + 1 }
  return enter(next, { name: 'connecting', step: 'asking' })
}

/** What users, time and the page ask for counts whatever any socket does. */
function afterRequest(
  state: ConnectionState,
  event: Exclude<ConnectionEvent, AttemptReport>,
  now: Circumstances,
): ConnectionState {
  const { at } = now
  const { name } = state
  switch (event.type) {
    case 'lease-taken':
      return name === 'idle' ? connect({ ...state, lastClose: null }) : state
    case 'users-left':
      return enter({ ...leave(state, at), failures: 0 }, { name: 'idle' })
    case 'close-requested':
      return enter({ ...leave(state, at, event), failures: 0 }, { name: 'closed' })
    case 'reconnect-requested':
      // While the user's functions are asked, asking them once more would gain nothing.
      return name === 'connecting' && state.step === 'asking'
        ? { ...state, failures: 0 }
        : connect({ ...leave(state, at), failures: 0 })
    case 'page-cached':
      return isLive(state) || name === 'waiting' ? wait(leave(state, at), 'hidden', at, at) : state
    case 'network-lost':
      return name === 'waiting' ? wait(state, 'offline', at, state.notBefore) : state
    case 'woken': {
      if (name !== 'waiting' || !now.isOnline) return state
      const soon = Math.max(state.notBefore, at + now.random * wakeSpreadMs)
      return wait(state, null, Math.min(soon, state.retryAt ?? soon), state.notBefore)
    }
    case 'retry-due': {
      if (name !== 'waiting') return state
      const isTired = now.isHidden && at - state.lostAt >= hiddenPatienceMs
      const pausedBy = now.isOnline ? isTired && 'hidden' : 'offline'
      return pausedBy ? wait(state, pausedBy, at, state.notBefore) : connect(state)
    }
  }
}

/** An attempt that is over has nothing to say any more. */
function afterReport(
  state: ConnectionState,
  event: AttemptReport & { readonly generation: number },
  now: Circumstances,
): ConnectionState {
  if (event.generation !== state.generation || !isLive(state)) return state
  switch (event.type) {
    case 'address-found':
      return enter(state, { name: 'connecting', step: 'dialling' })
    case 'opened':
      return enter(state, { name: 'open', openedAt: now.at })
    case 'refused':
      return enter(state, { name: 'failed', error: event.error })
    case 'ended':
      return lose(state, event.ending, event.isProven, now)
  }
}

function describe(state: ConnectionState, ending: Ending, at: number): CloseInfo {
  return { ...ending, openForMs: state.name === 'open' ? at - state.openedAt : null, at }
}

/** Ends a socket or an attempt, if there is one, because we want to. */
function leave(
  state: ConnectionState,
  at: number,
  { code, reason } = { code: 1000, reason: '' },
): ConnectionState {
  const ending: Ending = { code, reason, wasClean: false, by: 'client', error: null }
  return isLive(state) ? { ...state, lastClose: describe(state, ending, at) } : state
}

/** An end that nobody asked for: try again, wait for better times, or fail. */
function lose(
  state: ConnectionState,
  ending: Ending,
  isProven: boolean,
  { at, random, isOnline, isHidden, shownUrl, options }: Circumstances,
): ConnectionState {
  const { stableAfterMs, maxAttempts } = options.reconnect
  const lastClose = describe(state, ending, at)
  const openForMs = lastClose.openForMs ?? -1
  // A server that accepts and closes, however often, is no new trouble.
  const wasGood = openForMs >= stableAfterMs && isProven
  const failures = wasGood ? 1 : state.failures + 1
  const lostAt = failures > 1 ? state.lostAt : at
  const lost = { ...state, failures, lostAt, lastClose }
  // A token that was good for a while may have expired once more.
  const wasTokenGood = openForMs >= Math.max(stableAfterMs, leastTokenLifeMs)
  const previousCode = wasTokenGood ? null : state.lastClose?.code
  const verdict = judge(lastClose, failures, previousCode, random, options.reconnect)
  if (typeof verdict === 'object') {
    const pausedBy = isOnline ? null : 'offline'
    return wait(lost, pausedBy, at + verdict.delayMs, at + verdict.firmMs)
  }
  // Nobody is looking: the last retry is kept for when somebody is.
  if (verdict === 'attempts-exhausted' && isHidden && maxAttempts) {
    return wait(lost, 'hidden', at, at)
  }
  const subject = lastClose.code ? `${shownUrl}, ${lastClose.code}` : shownUrl
  const error = new WirehookError(verdict, subject, ending.error ?? undefined)
  return enter({ ...lost, failures: failures - 1 }, { name: 'failed', error })
}
