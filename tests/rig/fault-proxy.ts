import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** `up` is from the client to the server, `down` from the server to the client. */
export type Direction = 'up' | 'down'

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
  /** Takes no more than that many bytes a second from the sender, until `heal`. */
  throttle(bytesPerSecond: number, way?: Way): void
  /**
   * Lets that many more bytes pass in that direction, then ends the link which carried the last one
   * with FIN on both sides. Works once.
   */
  cutAfter(byteCount: number, direction: Direction): void
  /** Stops listening: new links get ECONNREFUSED, present ones go on. */
  refuse(): void
  /** Listens again, on the same port. */
  accept(): Promise<void>
  /** New links are sound again. Silenced links stay dead, for TCP has no way to miss bytes. */
  heal(): void
  /** Ends all links and stops listening. */
  close(): Promise<void>
}

type PerDirection<Value> = Record<Direction, Value>

/** What the proxy does to bytes, and to links that are yet to come. */
interface Conditions {
  hangsHandshakes: boolean
  discardsOnNewLinks: PerDirection<boolean>
  delayMs: PerDirection<number>
  bytesPerSecond: PerDirection<number>
  bytesUntilCut: PerDirection<number>
}

interface Link {
  readonly client: Socket
  /** `null` if the handshake hangs: the server is not even asked. */
  readonly server: Socket | null
  readonly discards: PerDirection<boolean>
}

const host = '127.0.0.1'

/** Starts a proxy on a free port in front of the server that listens on `serverPort`. */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const conditions = soundConditions()
  const links = new Set<Link>()
  let totalLinks = 0
  // Half-open sockets let the proxy pass on, or keep back, the FIN of each side by itself.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const link = openLink(client, serverPort, conditions)
    totalLinks += 1
    links.add(link)
    client.on('close', () => links.delete(link))
  })
  await listen(listener, 0)
  const { port } = listener.address() as AddressInfo

  const forEachSocket = (act: (socket: Socket) => void): void => {
    for (const { client, server } of links) {
      act(client)
      if (server) act(server)
    }
  }
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
    finish: () => forEachSocket((socket) => socket.end()),
    silence,
    blackHole(way) {
      silence(way)
      setFor(way, conditions.discardsOnNewLinks, true)
    },
    hangHandshakes() {
      conditions.hangsHandshakes = true
    },
    delay: (delayMs, way = 'both') => setFor(way, conditions.delayMs, delayMs),
    throttle: (bytesPerSecond, way = 'both') =>
      setFor(way, conditions.bytesPerSecond, bytesPerSecond),
    cutAfter: (byteCount, direction) => setFor(direction, conditions.bytesUntilCut, byteCount),
    refuse() {
      listener.close()
    },
    accept: () => listen(listener, port),
    heal() {
      Object.assign(conditions, soundConditions())
    },
    async close() {
      forEachSocket((socket) => socket.destroy())
      if (listener.listening) await new Promise((resolve) => listener.close(resolve))
    },
  }
}

function soundConditions(): Conditions {
  return {
    hangsHandshakes: false,
    discardsOnNewLinks: { up: false, down: false },
    delayMs: { up: 0, down: 0 },
    bytesPerSecond: { up: Infinity, down: Infinity },
    bytesUntilCut: { up: Infinity, down: Infinity },
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

function openLink(client: Socket, serverPort: number, conditions: Conditions): Link {
  const discards = { ...conditions.discardsOnNewLinks }
  client.on('error', lookAtCloseInstead)
  if (conditions.hangsHandshakes) {
    client.resume().on('end', () => client.destroy())
    return { client, server: null, discards }
  }
  const server = connect({ port: serverPort, host, allowHalfOpen: true, noDelay: true })
  server.on('error', lookAtCloseInstead)
  const link = { client, server, discards }
  carry('up', client, server, link, conditions)
  carry('down', server, client, link, conditions)
  return link
}

/** A socket without a listener for errors would end the process; `close` tells what is needed. */
function lookAtCloseInstead(): void {}

/** Passes on what comes from one side, and how it ends, to the other. */
function carry(
  direction: Direction,
  from: Socket,
  to: Socket,
  link: Link,
  conditions: Conditions,
): void {
  let delivery = Promise.resolve()
  const deliverInOrder = (deliver: () => void): void => {
    const dueAt = Date.now() + conditions.delayMs[direction]
    delivery = delivery.then(async () => {
      const earlyByMs = dueAt - Date.now()
      if (earlyByMs > 0) await wait(earlyByMs)
      if (!link.discards[direction]) deliver()
    })
  }
  from.on('data', (bytes: Buffer) => {
    slowDown(from, bytes.length, conditions.bytesPerSecond[direction])
    deliverInOrder(() => pass(bytes, direction, from, to, conditions))
  })
  from.on('end', () => deliverInOrder(() => to.end()))
  from.on('close', (hadError) => {
    if (hadError) deliverInOrder(() => to.resetAndDestroy())
  })
}

function slowDown(from: Socket, byteCount: number, bytesPerSecond: number): void {
  if (bytesPerSecond === Infinity) return
  from.pause()
  setTimeout(() => from.resume(), (byteCount / bytesPerSecond) * 1000)
}

function pass(
  bytes: Buffer,
  direction: Direction,
  from: Socket,
  to: Socket,
  { bytesUntilCut }: Conditions,
): void {
  if (!to.writable) return
  const isCutHere = bytes.length >= bytesUntilCut[direction]
  if (isCutHere) {
    to.end(bytes.subarray(0, bytesUntilCut[direction]))
    from.end()
    bytesUntilCut[direction] = Infinity
    return
  }
  bytesUntilCut[direction] -= bytes.length
  if (to.write(bytes)) return
  from.pause()
  to.once('drain', () => from.resume())
}
