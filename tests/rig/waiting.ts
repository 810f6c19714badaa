import { vi } from 'vitest'

/** Resolves once the condition holds; fails with its description if it does not come to that. */
export async function eventually(
  holds: () => boolean,
  description: string,
  timeoutMs = 4000,
): Promise<void> {
  await vi.waitFor(
    () => {
      if (!holds()) throw new Error(`Still not so: ${description}`)
    },
    { timeout: timeoutMs, interval: 5 },
  )
}

/** Gives something that must not happen the time to happen. */
export function quietTime(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs)
  })
}
