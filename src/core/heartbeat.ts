import type { HeartbeatPolicy } from './connection-options'
import type { Environment } from './environment'
import { createTimer } from './timer'

/**
 * `listening` until the link has been silent for a while, then `asked`. `asked-again` follows when
 * the timer came late, so that the answer was not awaited fairly.
 */
export interface Beat {
  readonly phase: 'listening' | 'asked' | 'asked-again'
  readonly since: number
  readonly dueAt: number
}

/** How long an answer may take when there is reason to doubt the link. */
const probeMs = 2500

/** A timer this late was held up, by a busy or a slowed page; answers may be waiting behind it. */
const lateMs = 500

export function listen(at: number, { intervalMs }: HeartbeatPolicy): Beat {
  return { phase: 'listening', since: at, dueAt: at + intervalMs }
}

/**
 * The beat after an event: `heard` is any inbound frame, `doubted` a page or network that went or
 * came back, `due` the beat's own timer. The same beat: nothing to do; a new one that is not
 * `listening`: ask; `null`: the link is dead.
 */
export function nextBeat(
  beat: Beat,
  event: 'heard' | 'doubted' | 'due',
  at: number,
  policy: HeartbeatPolicy,
): Beat | null {
  const { intervalMs, timeoutMs, ping } = policy
  const { phase, dueAt } = beat
  const soon = at + Math.min(probeMs, timeoutMs)
  if (event === 'heard') {
    // The timer moves in steps, not with every message. It moves from inside the message event
    // because browsers slow down chains of timers in hidden pages, but not this.
    const isFresh = phase === 'listening' && dueAt > at + intervalMs * 0.9
    return isFresh ? beat : listen(at, policy)
  }
  if (event === 'doubted') {
    // Several doubts come at once; one question is enough. Without a ping there is none.
    const isAsked = phase !== 'listening' && dueAt <= soon
    return isAsked || ping === false ? beat : { phase: 'asked', since: at, dueAt: soon }
  }
  if (phase === 'listening') return { phase: 'asked', since: at, dueAt: at + timeoutMs }
  const isLate = at - dueAt > lateMs
  return phase === 'asked' && isLate ? { phase: 'asked-again', since: at, dueAt: soon } : null
}

export interface Heartbeat {
  /**
   * Any frame came in.
   *
   * @returns milliseconds since the question it may answer, or `null` if none was open
   */
  hear(): number | null
  /** Asks now, with a short deadline. */
  doubt(): void
  stop(): void
}

/** Runs the beats of one open socket. */
export function startHeartbeat(
  policy: HeartbeatPolicy,
  environment: Environment,
  ask: () => void,
  giveUp: () => void,
): Heartbeat {
  const timer = createTimer(environment)
  let beat = listen(environment.now(), policy)

  function arm(): void {
    timer.set(beat.dueAt, () => step('due'))
  }

  function step(event: 'heard' | 'doubted' | 'due'): void {
    const next = nextBeat(beat, event, environment.now(), policy)
    if (!next) return giveUp()
    if (next === beat) return
    beat = next
    arm()
    if (beat.phase !== 'listening' && policy.ping !== false) ask()
  }

  arm()
  return {
    hear() {
      const { phase, since } = beat
      step('heard')
      return phase === 'listening' ? null : environment.now() - since
    },
    doubt: () => step('doubted'),
    stop: timer.stop,
  }
}
