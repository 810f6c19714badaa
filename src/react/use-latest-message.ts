import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type { Connection, MessageOf, Topic } from '../core/connection'
import { createLatestMessage } from './latest-message'
import type { ReaderOptions } from './reader'
import { useSource } from './use-source'

export interface LatestMessageOptions<
  Incoming = unknown,
  Message = Incoming,
  Selected = Message,
> extends ReaderOptions<Incoming> {
  /** What is of interest in a message. May be a new function on every render. @default all of it */
  select?: (message: Message) => Selected
  /**
   * Whether two selected values are the same to the component, which then does not render.
   *
   * @default Object.is
   */
  isEqual?(before: Selected, after: Selected): boolean
}

/**
 * The newest message, or the newest of a topic: the topics a connection's `topicOf` gives, which is
 * the message's `type` unless told otherwise. A component that mounts later sees the one that was kept.
 *
 * Renders only for messages of that topic, when what is selected has changed, and no more often than
 * the `schedule` allows. While the component is hidden or unmounted, nothing is read.
 *
 * @param topic left out or `undefined` for every message
 * @returns `undefined` until there is one, and on the server
 * @throws WirehookError `missing-source` if no source is given and no provider above has one; what
 * `select` throws is thrown while rendering
 */
export function useLatestMessage<
  Incoming,
  const Key extends Topic | undefined,
  Selected = MessageOf<Incoming, Key>,
>(
  topic: Key,
  options: LatestMessageOptions<Incoming, MessageOf<Incoming, NoInfer<Key>>, Selected> & {
    source: Connection<Incoming>
  },
): Selected | undefined
export function useLatestMessage<Message = unknown, Selected = Message>(
  topic?: Topic,
  options?: LatestMessageOptions<Message, Message, Selected>,
): Selected | undefined
export function useLatestMessage(
  topic?: Topic,
  options: LatestMessageOptions<unknown, never, unknown> = {},
): unknown {
  const { source, schedule, select, isEqual = Object.is } = options
  const found = useSource('useLatestMessage', source)
  const latest = useMemo(() => createLatestMessage(found, topic), [found, topic])

  useInsertionEffect(() => latest.update(schedule))

  return useSyncExternalStore(
    latest.subscribe,
    () => latest.select(select, isEqual),
    () => undefined,
  )
}
