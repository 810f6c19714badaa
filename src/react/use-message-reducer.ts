import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type { Connection, MessageOf, Topic } from '../core/connection'
import { createMessageFold, type Reduce } from './message-fold'
import type { ReaderOptions } from './reader'
import { useSource } from './use-source'

export interface MessageReducerOptions<
  Incoming = unknown,
  Key extends Topic = Topic,
> extends ReaderOptions<Incoming> {
  /** Only messages of this topic. */
  topic?: Key
}

/**
 * What the messages since the component was mounted come to: `reduce` is called once for each of
 * them, in order, outside of rendering, so none is lost however React batches.
 *
 * It starts again with `initial` when source or topic change; to start again otherwise, give the
 * component another `key`. While the component is hidden, nothing is added.
 *
 * @param reduce may be a new function on every render; the newest one is called. It should return a
 * new value instead of changing the old one. If it throws, the value stays, and the error is reported
 * as an uncaught one
 * @param initial read when it starts, and shown on the server
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useMessageReducer<State, Incoming, const Key extends Topic = Topic>(
  reduce: (state: State, message: MessageOf<Incoming, NoInfer<Key>>) => State,
  initial: State,
  options: MessageReducerOptions<Incoming, Key> & { source: Connection<Incoming> },
): State
export function useMessageReducer<State, Message = unknown>(
  reduce: (state: State, message: Message) => State,
  initial: State,
  options?: MessageReducerOptions<Message>,
): State
export function useMessageReducer<State>(
  reduce: (state: State, message: never) => State,
  initial: State,
  options: MessageReducerOptions = {},
): State {
  const { source, topic, schedule } = options
  const found = useSource('useMessageReducer', source)
  const fold = useMemo(() => createMessageFold<State>(found, topic), [found, topic])

  useInsertionEffect(() => fold.update(schedule, reduce as Reduce<State>))

  const read = (): State => fold.get(initial)
  return useSyncExternalStore(fold.subscribe, read, read)
}
