import type { DroppedMessage, FrameData, SendOptions, SendResult } from './connection'
import type { QueuePolicy, ResolvedOptions } from './connection-options'
import type { Environment, SocketLike } from './environment'
import { isWirehookError, WirehookError } from './errors'
import { byteLength, copyFrame } from './frame'
import { createSendQueue, type QueuedMessage, type Receipt } from './send-queue'
import { isPromise, type Eventually } from './sequence'
import { createTimer } from './timer'
import { correctClock, nextTokenAt, takeToken } from './token-bucket'

/** Everything outbound: straight to the socket while it has room, else through the queue. */
export interface Outbox {
  /**
   * @param frame a promise takes its place in the queue and goes out when it is settled
   * @param receipt told what becomes of a message with the result `'queued'`
   */
  send(frame: Eventually<FrameData>, options?: SendOptions, receipt?: Receipt): SendResult
  /** Takes a message out of the queue again, if it is still there. */
  withdraw(receipt: Receipt): void
  /** From now on this is the socket to send on, first of all what is queued; `null` for none. */
  use(socket: SocketLike | null): void
  /** Stops waiting. Expired messages are noticed when the outbox is used again. */
  rest(): void
}

export interface OutboxHost {
  readonly environment: Environment
  readOptions(): Pick<ResolvedOptions, 'queue' | 'pacing'>
  onSize(size: number): void
  onDrop(dropped: DroppedMessage): void
  /** A message that was accepted could not be encoded after all. */
  onError(error: WirehookError): void
}

/** `WebSocket.OPEN`. In the states after it, `send` silently drops (WHATWG WebSockets, "send()"). */
const openState = 1

/** What may be under way to a socket while a codec takes its time, if there is no queue. */
const encodingPolicy: QueuePolicy = {
  maxMessages: 1000,
  maxBytes: Infinity,
  overflow: 'reject',
  ttlMs: Infinity,
}

/** How often a full socket is looked at again; browsers have no event for it. */
const roomCheckMs = 10

export function createOutbox(host: OutboxHost): Outbox {
  const { environment, readOptions } = host
  const queue = createSendQueue(({ data, receipt }, reason, error) => {
    if (!receipt && isWirehookError(error)) host.onError(error)
    host.onDrop({ data, reason })
    receipt?.onDropped(error)
  })
  const timer = createTimer(environment)
  let socket: SocketLike | null = null
  let wakeAt = Infinity
  let bucketFullAt = -Infinity

  function isOpen(): boolean {
    return socket?.readyState === openState
  }

  /** When to try to send a frame: now, if it may go at once. `Infinity` if something will call. */
  function findTime(data: FrameData | null, at: number, bytes?: number): number {
    if (!socket || data === null) return Infinity
    const { pacing } = readOptions()
    bucketFullAt = correctClock(bucketFullAt, at, pacing)
    const unsent = socket.bufferedAmount || 0
    const hasRoom = !unsent || unsent + (bytes ?? byteLength(data)) <= pacing.highWaterBytes
    return Math.max(
      isOpen() && hasRoom ? at : at + roomCheckMs,
      nextTokenAt(bucketFullAt, at, pacing),
    )
  }

  function put(data: FrameData): void {
    socket?.send(data)
    bucketFullAt = takeToken(bucketFullAt, environment.now(), readOptions().pacing)
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
      ({ data, bytes }) => findTime(data, at, bytes) <= at,
      ({ data, receipt }) => {
        try {
          if (data !== null) put(data)
        } catch {
          host.onDrop({ data, reason: 'failed' })
          return receipt?.onDropped()
        }
        receipt?.onSent()
      },
    )
    wake(Math.min(nextExpiry, findFirstTime(at)))
    host.onSize(queue.size)
  }

  function findFirstTime(at: number): number {
    const { first } = queue
    return first ? findTime(first.data, at, first.bytes) : Infinity
  }

  /**
   * Puts the frame into the place that was kept for it.
   *
   * @param isFleeting whether it is given up if it cannot go out then
   */
  function fill(message: QueuedMessage, frame: Promise<FrameData>, isFleeting: boolean): void {
    const settle = (data: FrameData): void => {
      const { maxMessages, maxBytes } = readOptions().queue
      queue.fill(message, data, byteLength(data))
      pump()
      if (maxMessages && queue.bytes > maxBytes) queue.drop(message, 'overflow')
      if (isFleeting) queue.drop(message, 'expired')
      host.onSize(queue.size)
    }
    frame.then(settle, (error: unknown) => {
      queue.drop(message, 'failed', error)
      pump()
    })
  }

  /** Whether messages wait for nothing but being encoded, in a queue that the app has turned off. */
  function isOnlyEncoding(isUnfinished: boolean): boolean {
    const isEncoding = isUnfinished || queue.first?.data === null
    return isEncoding && isOpen() && !readOptions().queue.maxMessages
  }

  function enqueue(
    frame: Eventually<FrameData>,
    bytes: number,
    { ttlMs, replaceKey, whenClosed }: SendOptions,
    receipt?: Receipt,
  ): SendResult {
    const { queue: policy } = readOptions()
    const at = environment.now()
    const lifetimeMs = ttlMs ?? policy.ttlMs
    if (!(lifetimeMs >= 0)) throw new WirehookError('invalid-option', 'ttlMs')
    const isUnfinished = isPromise(frame)
    const data = isUnfinished ? null : copyFrame(frame)
    const message = { data, bytes, expiresAt: at + lifetimeMs, replaceKey, receipt }
    const result = queue.add(message, isOnlyEncoding(isUnfinished) ? encodingPolicy : policy, at)
    if (result === 'queued' && isUnfinished) {
      fill(message, frame, whenClosed === 'drop')
    }
    wake(Math.min(message.expiresAt, findFirstTime(at)))
    host.onSize(queue.size)
    return result
  }

  return {
    send(frame, options = {}, receipt) {
      const at = environment.now()
      if (isPromise(frame)) {
        // If it finds no place, nobody is left to be told that it could not be encoded either.
        frame.catch(() => {})
        if (options.whenClosed === 'drop' && !isOpen()) return 'dropped'
        return enqueue(frame, 0, options, receipt)
      }
      const isFirst = !queue.size
      if (isFirst && findTime(frame, at) <= at) {
        put(frame)
        return 'sent'
      }
      if (options.whenClosed === 'drop') return 'dropped'
      const { queue: policy, pacing } = readOptions()
      const bytes = byteLength(frame)
      // What the queue could never hold does not wait for room either; the socket takes it as it is.
      const isTooLarge = !policy.maxMessages || bytes > policy.maxBytes
      if (isFirst && isTooLarge && isOpen() && nextTokenAt(bucketFullAt, at, pacing) <= at) {
        put(frame)
        return 'sent'
      }
      return enqueue(frame, bytes, options, receipt)
    },
    withdraw(receipt) {
      // Others may have waited behind it.
      if (queue.withdraw(receipt)) pump()
    },
    use(newSocket) {
      socket = newSocket
      if (socket) pump()
      else if (!readOptions().queue.maxMessages) {
        queue.expire(Infinity)
        host.onSize(queue.size)
      }
    },
    rest,
  }
}
