import { useSyncExternalStore } from 'react'

const tickMs = 100

/** Seconds left until a moment, in tenths. Ticks only while it is on the page. */
export function Countdown({ until }: { readonly until: number }) {
  const now = useSyncExternalStore(subscribeToTicks, readTicks)
  const seconds = Math.max(0, until - now) / 1000
  return <span role="timer">{seconds.toFixed(1)} s</span>
}

function subscribeToTicks(onTick: () => void): () => void {
  const timer = setInterval(onTick, tickMs)
  return () => clearInterval(timer)
}

/** Rounded, for a snapshot has to stay the same between two ticks. */
function readTicks(): number {
  return Math.floor(Date.now() / tickMs) * tickMs
}
