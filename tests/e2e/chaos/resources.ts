import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What the process holds. */
export interface Resources {
  readonly heapBytes: number
  /** How many handles there are of each kind, but for those of TCP links. */
  readonly handles: Readonly<Record<string, number>>
}

/**
 * The proxy keeps its end of a link that was silenced for as long as the other end stays half open.
 * Whether the connection has let go of its sockets is told apart from that.
 */
const uncounted = 'TCPSocketWrap'

/** Some handles are gone only after a few turns of the event loop. */
const settleMs = 200

function findGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

const collectGarbage = findGarbageCollector()

/** Measures after everything that is garbage has been collected. */
export async function measureResources(): Promise<Resources> {
  await wait(settleMs)
  // What has a finalizer is garbage only the second time.
  collectGarbage()
  await wait(0)
  collectGarbage()
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== uncounted) handles[kind] = (handles[kind] ?? 0) + 1
  }
  return { heapBytes: process.memoryUsage().heapUsed, handles }
}
