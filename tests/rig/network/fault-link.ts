import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createFrameEditor, type FrameEdits } from './frame-edits'

/** `up` is from the client to the server, `down` from the server to the client. */
export type Direction = 'up' | 'down'

export type PerDirection<Value> = Record<Direction, Value>

/** What happens to bytes, and to links that are yet to come. */
export interface Conditions {
  hangsHandshakes: boolean
  /** Links without a byte for that long are ended; 0 for never. */
  idleMs: number
  readonly discardsOnNewLinks: PerDirection<boolean>
  readonly delayMs: PerDirection<number>
  readonly jitterMs: PerDirection<number>
  readonly collectMs: PerDirection<number>
  readonly bytesPerSecond: PerDirection<number>
  readonly drip: PerDirection<Drip>
  readonly bytesUntilCut: PerDirection<number>
}

/** How many bytes pass at a time, and how long the next ones then have to wait. */
export interface Drip {
  readonly byteCount: number
  readonly everyMs: number
}

/** What all links of a proxy share. */
export interface Surroundings {
  readonly serverPort: number
  readonly conditions: Conditions
  readonly edits: PerDirection<FrameEdits>
  /** From 0 up to but not including 1. */
  readonly random: () => number
}

/** One client's TCP connection together with the one made for it to the server. */
export interface Link {
  readonly client: Socket
  /** `null` if the handshake hangs: the server is not even asked. */
  readonly server: Socket | null
  readonly discards: PerDirection<boolean>
}

/** One direction of a link. */
interface Lane extends Surroundings {
  readonly direction: Direction
  readonly from: Socket
  readonly to: Socket
  readonly link: Link
  readonly brake: Brake
}

/** Reads nothing until all that was begun with it is over. */
type Brake = (begin: (release: () => void) => void) => void

export const host = '127.0.0.1'

export function soundConditions(): Conditions {
  return {
    hangsHandshakes: false,
    idleMs: 0,
    discardsOnNewLinks: { up: false, down: false },
    delayMs: { up: 0, down: 0 },
    jitterMs: { up: 0, down: 0 },
    collectMs: { up: 0, down: 0 },
    bytesPerSecond: { up: Infinity, down: Infinity },
    drip: { up: { byteCount: Infinity, everyMs: 0 }, down: { byteCount: Infinity, everyMs: 0 } },
    bytesUntilCut: { up: Infinity, down: Infinity },
  }
}

export function openLink(client: Socket, surroundings: Surroundings): Link {
  const { conditions, serverPort } = surroundings
  const discards = { ...conditions.discardsOnNewLinks }
  client.on('error', lookAtCloseInstead)
  if (conditions.hangsHandshakes) {
    client.resume().on('end', () => client.destroy())
    return { client, server: null, discards }
  }
  const server = connect({ port: serverPort, host, allowHalfOpen: true, noDelay: true })
  server.on('error', lookAtCloseInstead)
  const link = { client, server, discards }
  carry('up', client, server, link, surroundings)
  carry('down', server, client, link, surroundings)
  // All that passes, passes the client's socket.
  client.setTimeout(conditions.idleMs)
  client.on('timeout', () => finish(link))
  return link
}

/** Ends a link with FIN on both sides. */
export function finish({ client, server }: Link): void {
  client.end()
  server?.end()
}

/** A socket without a listener for errors would end the process; `close` tells what is needed. */
function lookAtCloseInstead(): void {}

/** Passes on what comes from one side, and how it ends, to the other. */
function carry(
  direction: Direction,
  from: Socket,
  to: Socket,
  link: Link,
  surroundings: Surroundings,
): void {
  const lane = { ...surroundings, direction, from, to, link, brake: createBrake(from) }
  const edit = createFrameEditor(surroundings.edits[direction])
  let delivery = Promise.resolve()
  const deliverInOrder = (deliver: () => void | Promise<void>, lateMs = 0): void => {
    const dueAt = findDueTime(lane) + lateMs
    delivery = delivery.then(async () => {
      await waitUntil(dueAt)
      if (!link.discards[direction]) await deliver()
    })
  }
  from.on('data', (bytes: Buffer) => {
    slowDown(bytes.length, lane)
    for (const piece of edit(bytes)) {
      deliverInOrder(() => passInDrops(piece.bytes, lane), piece.lateMs)
    }
  })
  from.on('end', () => deliverInOrder(() => void to.end()))
  from.on('close', (hadError) => {
    if (hadError) deliverInOrder(() => void to.resetAndDestroy())
  })
  // What nobody takes any more is read nevertheless, for the end comes after it.
  to.on('close', () => from.resume())
}

/** Timers may fire a little early, and then what is due together would not pass together. */
async function waitUntil(at: number): Promise<void> {
  for (let now = Date.now(); now < at; now = Date.now()) await wait(at - now)
}

function createBrake(socket: Socket): Brake {
  let reasons = 0
  return (begin) => {
    reasons += 1
    socket.pause()
    begin(() => {
      reasons -= 1
      if (reasons === 0) socket.resume()
    })
  }
}

/** When bytes that come now may pass. Those that are collected wait for the same moment. */
function findDueTime({ conditions, direction, random }: Lane): number {
  const collectMs = conditions.collectMs[direction]
  const now = Date.now()
  const startsAt = collectMs > 0 ? Math.ceil(now / collectMs) * collectMs : now
  const jitterMs = (random() * 2 - 1) * conditions.jitterMs[direction]
  return startsAt + conditions.delayMs[direction] + jitterMs
}

function slowDown(byteCount: number, { conditions, direction, brake }: Lane): void {
  const bytesPerSecond = conditions.bytesPerSecond[direction]
  if (bytesPerSecond === Infinity) return
  brake((release) => setTimeout(release, (byteCount / bytesPerSecond) * 1000))
}

async function passInDrops(bytes: Buffer, lane: Lane): Promise<void> {
  const { conditions, direction, link } = lane
  for (let rest = bytes; rest.length > 0 && !link.discards[direction];) {
    const { byteCount, everyMs } = conditions.drip[direction]
    pass(rest.subarray(0, byteCount), lane)
    rest = rest.subarray(byteCount)
    if (everyMs > 0) await wait(everyMs)
  }
}

function pass(bytes: Buffer, { conditions, direction, from, to, brake }: Lane): void {
  const { bytesUntilCut } = conditions
  if (!to.writable) return
  const isCutHere = bytes.length >= bytesUntilCut[direction]
  if (isCutHere) {
    to.end(bytes.subarray(0, bytesUntilCut[direction]))
    from.end()
    bytesUntilCut[direction] = Infinity
    return
  }
  bytesUntilCut[direction] -= bytes.length
  // What is due at the same moment leaves in one go.
  to.cork()
  process.nextTick(() => to.uncork())
  const wasFull = to.writableNeedDrain
  if (to.write(bytes) || wasFull) return
  brake((release) => to.once('drain', release))
}
