import type { DroppedMessage, FrameData, SendOptions, SendResult } from './connection'
import type { ResolvedOptions } from './connection-options'
import type { Environment, SocketLike } from './environment'
import { WirehookError } from './errors'
import { byteLength, copyFrame } from './frame'
import { createSendQueue } from './send-queue'
import { createTimer } from './timer'

/** Everything outbound: straight to the socket while it has room, else through the queue. */
export interface Outbox {
  send(data: FrameData, options?: SendOptions): SendResult
  /** From now on this is the socket to send on, first of all what is queued; `null` for none. */
  use(socket: SocketLike | null): void
  /** Stops waiting. Expired messages are noticed when the outbox is used again. */
  rest(): void
}

/** `WebSocket.OPEN`. In the states after it, `send` silently drops (WHATWG WebSockets, "send()"). */
const openState = 1

/** How often a full socket is looked at again; browsers have no event for it. */
const roomCheckMs = 10

export function createOutbox(
  environment: Environment,
  readOptions: () => Pick<ResolvedOptions, 'queue' | 'pacing'>,
  onSize: (size: number) => void,
  onDrop: (dropped: DroppedMessage) => void,
): Outbox {
  const queue = createSendQueue(({ data }, reason) => onDrop({ data, reason }))
  const timer = createTimer(environment)
  let socket: SocketLike | null = null
  let wakeAt = Infinity

  function hasRoom(data: FrameData, bytes?: number): boolean {
    if (socket?.readyState !== openState) return false
    const unsent = socket.bufferedAmount || 0
    return !unsent || unsent + (bytes ?? byteLength(data)) <= readOptions().pacing.highWaterBytes
  }

  function wake(at: number): void {
    if (at >= wakeAt) return
    wakeAt = at
    timer.set(at, pump)
  }

  function rest(): void {
    wakeAt = Infinity
    timer.stop()
  }

  /** Sends what there is room for and comes back for the rest. */
  function pump(): void {
    const at = environment.now()
    rest()
    const nextExpiry = queue.expire(at)
    queue.drain(
      ({ data, bytes }) => hasRoom(data, bytes),
      ({ data }) => {
        try {
          socket?.send(data)
        } catch {
          onDrop({ data, reason: 'failed' })
        }
      },
    )
    if (queue.size) wake(socket ? at + roomCheckMs : nextExpiry)
    onSize(queue.size)
  }

  return {
    send(data, { ttlMs, replaceKey, whenClosed } = {}) {
      if (!queue.size && hasRoom(data)) {
        socket?.send(data)
        return 'sent'
      }
      if (whenClosed === 'drop') return 'dropped'
      const { queue: policy } = readOptions()
      const at = environment.now()
      const lifetimeMs = ttlMs ?? policy.ttlMs
      if (!(lifetimeMs >= 0)) throw new WirehookError('invalid-option', 'ttlMs')
      const expiresAt = at + lifetimeMs
      const bytes = byteLength(data)
      // What the queue could never hold is not paced either; the socket takes it as it is.
      const isTooLarge = !policy.maxMessages || bytes > policy.maxBytes
      if (isTooLarge && !queue.size && socket?.readyState === openState) {
        socket.send(data)
        return 'sent'
      }
      const result = queue.add({ data: copyFrame(data), bytes, expiresAt, replaceKey }, policy, at)
      wake(socket ? at + roomCheckMs : expiresAt)
      onSize(queue.size)
      return result
    },
    use(newSocket) {
      socket = newSocket
      if (socket) pump()
    },
    rest,
  }
}
