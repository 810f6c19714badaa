/**
 * @typedef {ReturnType<typeof readSettings>} Settings
 */

/**
 * What is set from outside, with defaults for trying it out on one machine.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function readSettings(environment) {
  /**
   * @param {string} name
   * @param {number} fallback
   */
  function number(name, fallback) {
    const given = environment[name]
    const value = given ? Number(given) : fallback
    // Against one that is not a number, no limit would ever be reached.
    if (!(value >= 0)) throw new Error(`${name} has to be a number, 0 or more.`)
    return value
  }
  const { HOST, ORIGINS, REDIS_URL, TOKEN_SECRET } = environment
  if (!TOKEN_SECRET) throw new Error('Set TOKEN_SECRET to a long random text.')
  return {
    host: HOST ?? '127.0.0.1',
    port: number('PORT', 8080),
    /** Pages of these origins may connect, and nobody else. */
    origins: (ORIGINS ?? 'http://localhost:5173').split(',').map((origin) => origin.trim()),
    tokenSecret: TOKEN_SECRET,
    /** Without it, this node is the only one. */
    redisUrl: REDIS_URL,

    maxClients: number('MAX_CLIENTS', 10_000),
    maxMessageBytes: number('MAX_MESSAGE_BYTES', 4096),
    messagesPerSecond: number('MESSAGES_PER_SECOND', 20),
    /** Messages at once after a quiet time: what a client has queued while it was away. */
    burst: number('BURST', 100),
    /** What may wait for a client that reads slower than its room speaks. */
    maxBacklogBytes: number('MAX_BACKLOG_BYTES', 1_048_576),

    tokenTimeoutMs: number('TOKEN_TIMEOUT_MS', 5000),
    /** Less than the idle time-out of any proxy in front, which is often 60 s. */
    pingEveryMs: number('PING_EVERY_MS', 25_000),
    closeTimeoutMs: number('CLOSE_TIMEOUT_MS', 2000),
    /** Time over which clients are let go when this node shuts down. */
    drainMs: number('DRAIN_MS', 5000),
  }
}
