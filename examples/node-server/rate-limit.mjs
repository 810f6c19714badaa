/**
 * A bucket of tokens: each message takes one, and they come back at a steady rate.
 *
 * @param {number} perSecond
 * @param {number} burst
 * @returns {() => boolean} takes a token and says whether there was one
 */
export function createRateLimit(perSecond, burst) {
  let tokens = burst
  let countedAt = performance.now()
  return () => {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * perSecond)
    countedAt = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
