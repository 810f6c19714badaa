import { useEffect, useInsertionEffect, useMemo } from 'react'
import type { Connection, MessageFilter, MessageOf, Topic } from '../core/connection'
import { createMessageListener } from './message-listener'
import { useSource, type MessageSource } from './use-source'

export interface UseMessageOptions<Incoming = unknown> extends MessageFilter {
  /** Where the messages come from. @default the provider's connection */
  source?: MessageSource<Incoming>
  /** Only messages for which this is true. May be a new function on every render. */
  where?(message: Incoming): boolean
}

/**
 * Calls `listener` once for each message, in order and at once, and never renders. All filters given
 * have to fit; those by topic and type cost nothing for other messages.
 *
 * While the component is hidden or unmounted, it is not called.
 *
 * @param listener may be a new function on every render; the newest one is called. If it throws, the
 * error is reported as an uncaught one and nothing else stops
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useMessage<Incoming, const Type extends Topic | undefined>(
  listener: (message: MessageOf<Incoming, NoInfer<Type>>) => void,
  options: UseMessageOptions<Incoming> & { source: Connection<Incoming>; type: Type },
): void
export function useMessage<Incoming, const Key extends Topic | undefined>(
  listener: (message: MessageOf<Incoming, NoInfer<Key>>) => void,
  options: UseMessageOptions<Incoming> & { source: Connection<Incoming>; topic: Key },
): void
export function useMessage<Message = unknown>(
  listener: (message: Message) => void,
  options?: UseMessageOptions<Message>,
): void
export function useMessage(
  listener: (message: never) => void,
  options: UseMessageOptions = {},
): void {
  const { source, topic, type, where } = options
  const found = useSource('useMessage', source)
  const messages = useMemo(
    () => createMessageListener(found, { topic, type }),
    [found, topic, type],
  )

  useInsertionEffect(() => messages.update(listener, where))
  useEffect(() => messages.attach(), [messages])
}
