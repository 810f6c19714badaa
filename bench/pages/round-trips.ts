import type { Figures, Parameters } from './workload'

/** The first ones are slow for everybody: nothing is compiled yet. */
const warmUp = 200

/** @param ask sends something and resolves when it is back */
export async function measureRoundTrips(
  parameters: Parameters,
  ask: (index: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = []
  for (let index = 0; index < parameters.number('messages') + warmUp; index += 1) {
    const sentAt = performance.now()
    await ask(index)
    if (index >= warmUp) times.push(performance.now() - sentAt)
  }
  times.sort((one, other) => one - other)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99), count: times.length }
}
