import { useCallback, useEffect, useState } from 'react'
import type { RequestOptions } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { requestFrom } from './source'
import { useSource, type MessageSource } from './use-source'

export interface UseRequestOptions extends Omit<RequestOptions, 'signal'> {
  /** Which connection to ask on. @default the provider's connection */
  source?: MessageSource
}

export interface RequestState<Reply> {
  /** Whether an answer to the newest request is awaited. */
  readonly pending: boolean
  /** The newest answer; kept while the next one is awaited. */
  readonly data: Reply | undefined
  /** Why the newest request failed; `undefined` while one is pending, and after an answer. */
  readonly error: unknown
}

export interface UseRequestResult<Reply, Payload> extends RequestState<Reply> {
  /**
   * Asks. If it is called again before the answer has come, the state shows the newer request; the
   * promise of the older one settles all the same. Need not be awaited: an error is in the state.
   *
   * @param options count before those of the hook
   */
  readonly request: (payload: Payload, options?: RequestOptions) => Promise<Reply>
}

const idle = { pending: false, data: undefined, error: undefined }

/** What came of the newest request on a source. */
interface Asked<Reply> {
  readonly source: Source
  readonly newest: Promise<Reply> | undefined
  readonly state: RequestState<Reply>
}

/**
 * Asks the server something and shows what comes of it. Uses the connection while the component is
 * mounted; a request under way keeps it for as long as it takes.
 *
 * The connection's option `requests` says how answers are told.
 *
 * @returns state, which starts again with another source, and `request`, which is the same function
 * as long as source and options are the same; it rejects as `connection.request` does
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useRequest<Reply = unknown, Payload = unknown>(
  options: UseRequestOptions = {},
): UseRequestResult<Reply, Payload> {
  const { source, timeoutMs, idempotent } = options
  const found = useSource('useRequest', source)
  const [asked, setAsked] = useState<Asked<Reply>>({
    source: found,
    newest: undefined,
    state: idle,
  })
  // Another source knows nothing of what the one before was asked.
  const state = asked.source === found ? asked.state : idle

  useEffect(() => found.lease()?.[1], [found])

  const request = useCallback(
    (payload: Payload, given?: RequestOptions) => {
      const reply = requestFrom<Reply>(found, payload, {
        ...given,
        timeoutMs: given?.timeoutMs ?? timeoutMs,
        idempotent: given?.idempotent ?? idempotent,
      })
      const settle = (change: Partial<RequestState<Reply>>): void =>
        setAsked((before) =>
          before.newest === reply
            ? { ...before, state: { ...before.state, pending: false, ...change } }
            : before,
        )
      setAsked((before) => ({
        source: found,
        newest: reply,
        state: {
          data: before.source === found ? before.state.data : undefined,
          pending: true,
          error: undefined,
        },
      }))
      reply.then(
        (data) => settle({ data }),
        (error: unknown) => settle({ error }),
      )
      return reply
    },
    [found, timeoutMs, idempotent],
  )

  return { ...state, request }
}
