import { useCallback, useEffect, useState } from 'react'
import type { RequestOptions } from '../core/connection'
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

/**
 * Asks the server something and shows what comes of it. Uses the connection while the component is
 * mounted; a request under way goes on after that.
 *
 * The connection's option `requests` says how answers are told.
 *
 * @returns state and `request`, which is the same function as long as the source is the same; it
 * rejects as `connection.request` does
 * @throws WirehookError `missing-source` if no source is given and no provider above has one
 */
export function useRequest<Reply = unknown, Payload = unknown>(
  options: UseRequestOptions = {},
): UseRequestResult<Reply, Payload> {
  const { source, timeoutMs, idempotent } = options
  const found = useSource('useRequest', source)
  const [shown, show] = useState<{ readonly newest: object; readonly state: RequestState<Reply> }>({
    newest: idle,
    state: idle,
  })

  useEffect(() => found.lease()?.[1], [found])

  const request = useCallback(
    (payload: Payload, given?: RequestOptions) => {
      const reply = requestFrom<Reply>(found, payload, {
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(idempotent !== undefined && { idempotent }),
        ...given,
      })
      const update = (change: Partial<RequestState<Reply>>): void =>
        show((before) =>
          before.newest === reply
            ? { ...before, state: { ...before.state, pending: false, ...change } }
            : before,
        )
      show(({ state }) => ({ newest: reply, state: { ...state, pending: true, error: undefined } }))
      reply.then(
        (data) => update({ data }),
        (error: unknown) => update({ error }),
      )
      return reply
    },
    [found, timeoutMs, idempotent],
  )

  return { ...shown.state, request }
}
