import type { DroppedMessage, FrameData, SendResult } from './connection'
import type { QueuePolicy } from './connection-options'
import { WirehookError } from './errors'

/** An encoded message that waits for the socket. */
export interface QueuedMessage {
  readonly data: FrameData
  readonly bytes: number
  /** Given up at this time, in milliseconds since 1970. */
  readonly expiresAt: number
  readonly replaceKey: string | undefined
}

export interface SendQueue {
  readonly size: number
  /**
   * Adds a message at the end; one with the same `replaceKey` leaves.
   *
   * @throws WirehookError `queue-full`
   */
  add(message: QueuedMessage, policy: QueuePolicy, at: number): SendResult
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
  onDrop: (message: QueuedMessage, reason: DroppedMessage['reason']) => void,
): SendQueue {
  const messages = new Set<QueuedMessage>()
  let totalBytes = 0

  function remove(message: QueuedMessage): void {
    if (messages.delete(message)) totalBytes -= message.bytes
  }

  function drop(message: QueuedMessage, reason: DroppedMessage['reason']): void {
    remove(message)
    onDrop(message, reason)
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
      for (const oldest of messages) if (isFull()) drop(oldest, 'overflow')
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
