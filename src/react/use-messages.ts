import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type { Connection, MessageOf, Topic } from '../core/connection'
import { WirehookError } from '../core/errors'
import { createMessageList, noMessages } from './message-list'
import type { ReaderOptions } from './reader'
import { useSource } from './use-source'

export interface MessagesOptions<Incoming = unknown> extends ReaderOptions<Incoming> {
  /** Only messages of this topic. */
  topic?: Topic | undefined
  /**
   * Messages kept; the oldest go. `0` keeps none, `Infinity` keeps all for as long as the component
   * is mounted.
   *
   * @default 100
   */
  limit?: number
}

/**
 * The messages that came since the component was mounted, oldest first, up to a limit. None is lost
 * however React batches: those that come between two renderings are all there in the second.
 *
 * The list is a new array when it has changed. It starts empty when source or topic change; while the
 * component is hidden, nothing is added.
 *
 * @throws WirehookError `missing-source` if no source is given and no provider above has one;
 * `invalid-option` for a limit that is no number from 0 up
 */
export function useMessages<Incoming, const Key extends Topic | undefined>(
  options: MessagesOptions<Incoming> & { source: Connection<Incoming>; topic: Key },
): readonly MessageOf<Incoming, Key>[]
export function useMessages<Message = unknown>(
  options?: MessagesOptions<Message>,
): readonly Message[]
export function useMessages(options: MessagesOptions = {}): readonly unknown[] {
  const { source, topic, schedule, limit = 100 } = options
  const found = useSource('useMessages', source)
  const list = useMemo(() => createMessageList(found, topic), [found, topic])
  if (!(limit >= 0)) throw new WirehookError('invalid-option', 'limit')

  const whole = Math.floor(limit)

  useInsertionEffect(() => list.update(schedule, whole))

  return useSyncExternalStore(
    list.subscribe,
    () => list.get(whole),
    () => noMessages,
  )
}
