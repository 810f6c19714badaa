/** The heartbeat's answer to a ping of the test's server. */
export function answerServerPing(message: unknown): unknown {
  const { type, n } = Object(message) as { type?: string; n?: number }
  return type === 'server-ping' ? { type: 'client-pong', n } : undefined
}
