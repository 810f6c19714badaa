import type { DroppedMessage, FrameData, SendResult } from './connection'
import type { QueuePolicy } from './connection-options'
import { WirehookError } from './errors'

/** Told what becomes of a message that had to wait. */
export interface Receipt {
  onSent(): void
  /** @param error why it could not be encoded, if that was why */
  onDropped(error?: unknown): void
}

/** A message that waits for the socket. */
export interface QueuedMessage {
  /** `null` while it is being encoded; those behind it wait, too. */
  readonly data: FrameData | null
  readonly bytes: number
  /** Given up at this time, in milliseconds since 1970. */
  readonly expiresAt: number
  readonly replaceKey: string | undefined
  readonly receipt?: Receipt | undefined
}

export interface SendQueue {
  readonly size: number
  readonly bytes: number
  /** The message that is next. */
  readonly first: QueuedMessage | undefined
  /**
   * Adds a message at the end; one with the same `replaceKey` leaves.
   *
   * @throws WirehookError `queue-full`
   */
  add(message: QueuedMessage, policy: QueuePolicy, at: number): SendResult
  /** Puts the frame into the place that was kept for it, if it still is. */
  fill(message: QueuedMessage, data: FrameData, bytes: number): void
  /** Gives a message up, if it is still there. */
  drop(message: QueuedMessage, reason: DroppedMessage['reason'], error?: unknown): void
  /** Takes the message with this receipt out again and says if it was there; nobody else is told. */
  withdraw(receipt: Receipt): boolean
  /** Gives up what has expired and says when the next message will; `Infinity` for never. */
  expire(at: number): number
  /** Takes out and sends the messages in order, as long as there is room for the next one. */
  drain(hasRoom: (message: QueuedMessage) => boolean, send: (message: QueuedMessage) => void): void
}

/**
 * Messages in the order in which they were sent, up to a number and a size.
 *
 * @param onDrop told what was accepted and will not be sent
 */
export function createSendQueue(
  onDrop: (message: QueuedMessage, reason: DroppedMessage['reason'], error?: unknown) => void,
): SendQueue {
  const messages = new Set<QueuedMessage>()
  let totalBytes = 0

  function remove(message: QueuedMessage): boolean {
    const isThere = messages.delete(message)
    if (isThere) totalBytes -= message.bytes
    return isThere
  }

  function drop(message: QueuedMessage, reason: DroppedMessage['reason'], error?: unknown): void {
    if (remove(message)) onDrop(message, reason, error)
  }

  function expire(at: number): number {
    let next = Infinity
    for (const message of messages) {
      if (message.expiresAt <= at) drop(message, 'expired')
      else next = Math.min(next, message.expiresAt)
    }
    return next
  }

  return {
    get size() {
      return messages.size
    },
    get bytes() {
      return totalBytes
    },
    get first() {
      const [first] = messages
      return first
    },
    fill(message, data, bytes) {
      if (!messages.has(message)) return
      Object.assign(message, { data, bytes })
      totalBytes += bytes
    },
    drop,
    withdraw(receipt) {
      for (const message of messages) if (message.receipt === receipt) return remove(message)
      return false
    },
    expire,
    add(message, { maxMessages, maxBytes, overflow }, at) {
      const { replaceKey, bytes } = message
      const replaced =
        replaceKey === undefined
          ? undefined
          : [...messages].find((other) => other.replaceKey === replaceKey)

      function isFull(): boolean {
        const leaving = replaced && messages.has(replaced) ? replaced : { bytes: 0 }
        const size = messages.size - Number(leaving === replaced)
        return size >= maxMessages || totalBytes - leaving.bytes + bytes > maxBytes
      }

      if (isFull()) expire(at)
      if (isFull()) {
        if (overflow === 'reject')
          throw new WirehookError('queue-full', `${messages.size} messages, ${bytes} bytes more`)
        const canMakeRoom = overflow === 'drop-oldest' && maxMessages > 0 && bytes <= maxBytes
        if (!canMakeRoom) return 'dropped'
      }
      if (replaced) remove(replaced)
      for (const oldest of messages) {
        if (!isFull()) break
        drop(oldest, 'overflow')
      }
      messages.add(message)
      totalBytes += bytes
      return 'queued'
    },
    drain(hasRoom, send) {
      for (const message of messages) {
        if (!hasRoom(message)) return
        remove(message)
        send(message)
      }
    },
  }
}
