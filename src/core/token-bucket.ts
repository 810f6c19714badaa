import type { PacingPolicy } from './connection-options'

/*
 * A bucket of tokens, one for each message, that fills up steadily. It is told as the time at which
 * it will be full, so there is nothing to count and nothing to tick.
 */

function measure({ messagesPerSecond, burst }: PacingPolicy) {
  const intervalMs = 1000 / messagesPerSecond
  return { intervalMs, otherTokensMs: (Math.max(1, Math.min(burst, 1e9)) - 1) * intervalMs }
}

/** A full bucket is never further away than from empty; anything later comes from a clock set back. */
export function correctClock(fullAt: number, at: number, policy: PacingPolicy): number {
  const { intervalMs, otherTokensMs } = measure(policy)
  return Math.min(fullAt, at + otherTokensMs + intervalMs)
}

/** When there is a token: `at` or before, if there is one now. */
export function nextTokenAt(fullAt: number, at: number, policy: PacingPolicy): number {
  return correctClock(fullAt, at, policy) - measure(policy).otherTokensMs
}

/** When the bucket will be full, after a token was taken. */
export function takeToken(fullAt: number, at: number, policy: PacingPolicy): number {
  const { intervalMs } = measure(policy)
  return correctClock(Math.max(fullAt, at) + intervalMs, at, policy)
}
