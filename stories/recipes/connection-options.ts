import type { ConnectionOptions } from 'wirehook'

/** The options that the recipes' stories have controls for. */
export interface ConnectionArgs {
  /** Milliseconds of silence before a ping. */
  heartbeatIntervalMs: number
  /** Window of the first retry in milliseconds. */
  minDelayMs: number
}

export const connectionArgs: ConnectionArgs = { heartbeatIntervalMs: 3000, minDelayMs: 500 }

export const connectionArgTypes = {
  heartbeatIntervalMs: milliseconds('heartbeat.intervalMs', 30_000),
  minDelayMs: milliseconds('reconnect.minDelayMs', 60_000),
} as const

/**
 * As the controls say; a dead link is given up soon enough to watch it. Delays are random, but here they
 * are always half of their window, so that a story goes the same way each time.
 */
export function toOptions({ heartbeatIntervalMs, minDelayMs }: ConnectionArgs) {
  return {
    heartbeat: { intervalMs: heartbeatIntervalMs, timeoutMs: 2000 },
    reconnect: { minDelayMs, maxDelayMs: Math.max(minDelayMs, 5000) },
    environment: { random: () => 0.5 },
  } satisfies ConnectionOptions
}

function milliseconds(name: string, max: number) {
  return { name, control: { type: 'range', min: 100, max, step: 100 } } as const
}
