import type { CloseInfo } from './connection'
import type { ReconnectPolicy } from './connection-options'
import type { WirehookErrorCode } from './errors'

/** What follows the end of a socket or of an attempt: another try, or an error. */
export type Verdict =
  | {
      readonly delayMs: number
      /** This much of the delay is not cut by the network or the page coming back. */
      readonly firmMs: number
    }
  | WirehookErrorCode

/** Even the first retry waits this long, so that no setting makes a hot loop. */
const floorMs = 50

/** A server that says it is overloaded is left alone at least this long. */
const overloadMs = 5000

/** The token was refused: 4401 mirrors HTTP 401. */
const unauthorized = 4401

/**
 * Codes after which the same client would only be refused again: broken protocol, refused data or
 * policy (RFC 6455 §7.4.1), and the 4xxx that mirror HTTP 400, 403 and 404. 4500 to 4999 follow the
 * same convention for applications.
 */
const finalCodes = [1002, 1003, 1007, 1008, 1009, 1010, 4400, 4403, 4404]

/** "Try again later", and 4429, which mirrors HTTP 429. */
const overloadCodes = [1013, 4429]

/**
 * Full jitter over the whole window, also once the window has stopped growing: thousands of clients
 * that lost one server come back spread out (RFC 6455 §7.2.3).
 *
 * @param failures from 1 up
 */
export function backoffMs(
  failures: number,
  random: number,
  { minDelayMs, maxDelayMs, factor }: ReconnectPolicy,
): number {
  // 0 times an overflown power is not a number.
  const windowMs = Math.min(maxDelayMs, minDelayMs * factor ** (failures - 1) || 0)
  return floorMs + random * Math.max(0, windowMs - floorMs)
}

/**
 * @param failures ends in a row, this one included, since the connection was last proven good
 * @param previousCode the code of the end before this one, if the connection was not good since
 */
export function judge(
  close: CloseInfo,
  failures: number,
  previousCode: number | null | undefined,
  random: number,
  policy: ReconnectPolicy,
): Verdict {
  const decision = policy.decide?.(close) ?? undefined
  const code = close.code ?? 0
  const isFinal = finalCodes.includes(code) || code >= 4500
  const isStopped = decision === 'stop' || decision === Infinity
  if (isStopped || (decision === undefined && isFinal)) return 'closed-for-good'
  if (failures > policy.maxAttempts) return 'attempts-exhausted'
  if (typeof decision === 'number') {
    const firmMs = decision > floorMs ? decision : floorMs
    return { delayMs: firmMs, firmMs }
  }
  if (!decision && code === unauthorized) {
    return previousCode === code ? 'unauthorized' : { delayMs: 0, firmMs: 0 }
  }
  const firmMs = overloadCodes.includes(code) ? overloadMs : 0
  return { delayMs: firmMs + backoffMs(failures, random, policy), firmMs }
}
