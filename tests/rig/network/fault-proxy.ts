import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import {
  finish,
  host,
  openLink,
  soundConditions,
  type Direction,
  type Link,
  type PerDirection,
} from './fault-link'
import {
  createFrameEdits,
  delayed,
  preceded,
  replaced,
  suppressed,
  type FrameEdit,
  type FrameEdits,
} from './frame-edits'
import { createSeededRandom } from './seeded-random'

export type { Direction } from './fault-link'

/** One direction of a link, or both of them. */
export type Way = Direction | 'both'

/**
 * A TCP proxy in front of a real server that does to links what bad networks do. A link is one
 * client's TCP connection together with the one made for it to the server.
 */
export interface FaultProxy {
  readonly port: number
  /** WebSocket address of the proxy, without a path. */
  readonly url: string
  /** Links whose client has not left. */
  readonly openLinks: number
  /** Links since the start, also those that were hung. */
  readonly totalLinks: number
  /** Ends all present links with RST on both sides, as a crashed host or a firewall does. */
  reset(): void
  /** Ends all present links with FIN on both sides; nobody sends a close frame. */
  finish(): void
  /**
   * Discards everything on the present links from now on and for good, as a router does that has
   * forgotten them. Both sides keep their sockets and learn nothing. New links work.
   */
  silence(way: Way): void
  /** Does what `silence` does, and to every new link too until `heal`. */
  blackHole(way: Way): void
  /** Accepts new links without ever answering, until `heal`. */
  hangHandshakes(): void
  /** Makes bytes take that many milliseconds longer, until `heal`. Their order is kept. */
  delay(delayMs: number, way?: Way): void
  /**
   * Lets the time that bytes take vary by that many milliseconds to either side of `delay`, until
   * `heal`. Their order is kept.
   */
  jitter(jitterMs: number, way?: Way): void
  /** Takes no more than that many bytes a second from the sender, until `heal`. */
  throttle(bytesPerSecond: number, way?: Way): void
  /** Passes no more than that many bytes at a time, and waits after each time, until `heal`. */
  drip(byteCount: number, everyMs: number, way?: Way): void
  /** Collects bytes and passes them on together, once in that many milliseconds, until `heal`. */
  coalesce(everyMs: number, way?: Way): void
  /** Ends links with FIN on both sides once no byte has passed for that long, until `heal`. */
  endIdleAfter(idleMs: number): void
  /**
   * Lets that many more bytes pass in that direction, then ends the link which carried the last one
   * with FIN on both sides. Works once.
   */
  cutAfter(byteCount: number, direction: Direction): void
  /**
   * Lets the `k`-th data frame that begins from now on in that direction, on whichever link, vanish.
   * 1 is the next one. This and the other edits of frames work once, on WebSockets without
   * compression; for the same frame the newest edit counts.
   */
  suppressFrame(k: number, direction: Direction): void
  /** Holds the `k`-th data frame up for that long, and with it all that comes behind it. */
  delayFrame(k: number, direction: Direction, delayMs: number): void
  /** Gives the `k`-th data frame another payload. */
  replaceFrame(k: number, direction: Direction, payload: string | Buffer): void
  /** Puts a message before the `k`-th data frame: text, or a binary one. */
  injectFrame(k: number, direction: Direction, payload: string | Buffer): void
  /** Stops listening: new links get ECONNREFUSED, present ones go on. */
  refuse(): void
  /** Listens again, on the same port. */
  accept(): Promise<void>
  /** New links are sound again. Silenced links stay dead, for TCP has no way to miss bytes. */
  heal(): void
  /** Ends all links and stops listening. */
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** Decides what looks random: the jitter. @default 1 */
  readonly seed?: number
}

/** Starts a proxy on a free port in front of the server that listens on `serverPort`. */
export async function startFaultProxy(
  serverPort: number,
  { seed = 1 }: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const conditions = soundConditions()
  const edits: PerDirection<FrameEdits> = { up: createFrameEdits(), down: createFrameEdits() }
  const surroundings = { serverPort, conditions, edits, random: createSeededRandom(seed) }
  const links = new Set<Link>()
  let totalLinks = 0
  // Half-open sockets let the proxy pass on, or keep back, the FIN of each side by itself.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const link = openLink(client, surroundings)
    totalLinks += 1
    links.add(link)
    const forget = (): void => {
      if (client.destroyed && link.server?.destroyed !== false) links.delete(link)
    }
    client.on('close', forget)
    // A silenced link may go on on this side, whose end nobody hears of.
    link.server?.on('close', forget)
  })
  await listen(listener, 0)
  const { port } = listener.address() as AddressInfo

  const forEachSocket = (act: (socket: Socket) => void): void => {
    for (const { client, server } of links) {
      act(client)
      if (server) act(server)
    }
  }
  const setIdleTimeout = (idleMs: number): void => {
    conditions.idleMs = idleMs
    for (const { client } of links) client.setTimeout(idleMs)
  }
  const editFrame = (k: number, direction: Direction, edit: FrameEdit): void =>
    edits[direction].plan(k, edit)
  const silence = (way: Way): void => {
    for (const link of links) setFor(way, link.discards, true)
  }

  return {
    port,
    url: `ws://${host}:${port}`,
    get openLinks() {
      return [...links].filter(({ client }) => !client.readableEnded && !client.destroyed).length
    },
    get totalLinks() {
      return totalLinks
    },
    reset: () => forEachSocket((socket) => socket.resetAndDestroy()),
    finish: () => links.forEach(finish),
    silence,
    blackHole(way) {
      silence(way)
      setFor(way, conditions.discardsOnNewLinks, true)
    },
    hangHandshakes() {
      conditions.hangsHandshakes = true
    },
    delay: (delayMs, way = 'both') => setFor(way, conditions.delayMs, delayMs),
    jitter: (jitterMs, way = 'both') => setFor(way, conditions.jitterMs, jitterMs),
    throttle: (bytesPerSecond, way = 'both') =>
      setFor(way, conditions.bytesPerSecond, bytesPerSecond),
    drip: (byteCount, everyMs, way = 'both') =>
      setFor(way, conditions.drip, { byteCount, everyMs }),
    coalesce: (everyMs, way = 'both') => setFor(way, conditions.collectMs, everyMs),
    endIdleAfter: setIdleTimeout,
    cutAfter: (byteCount, direction) => setFor(direction, conditions.bytesUntilCut, byteCount),
    suppressFrame: (k, direction) => editFrame(k, direction, suppressed),
    delayFrame: (k, direction, delayMs) => editFrame(k, direction, delayed(delayMs)),
    replaceFrame: (k, direction, payload) => editFrame(k, direction, replaced(payload)),
    injectFrame: (k, direction, payload) => editFrame(k, direction, preceded(payload)),
    refuse() {
      listener.close()
    },
    accept: () => listen(listener, port),
    heal() {
      Object.assign(conditions, soundConditions())
      setIdleTimeout(0)
      edits.up.clear()
      edits.down.clear()
    },
    async close() {
      forEachSocket((socket) => socket.destroy())
      if (listener.listening) await new Promise((resolve) => listener.close(resolve))
    },
  }
}

function setFor<Value>(way: Way, values: PerDirection<Value>, value: Value): void {
  if (way !== 'down') values.up = value
  if (way !== 'up') values.down = value
}

function listen(listener: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, host, () => {
      listener.off('error', reject)
      resolve()
    })
  })
}
