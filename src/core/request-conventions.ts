import { WirehookError } from './errors'
import { correlate, type RequestConvention, type RequestSupport } from './requests'

export interface ByIdOptions extends Pick<RequestConvention, 'read' | 'createId'> {
  /** The field of a request that takes the id. @default 'id' */
  field?: string
  /** The field of an answer that repeats the id. @default the same as `field` */
  answerField?: string
}

/**
 * Requests are objects that get an id, and their answers repeat it:
 * `{ id: 'x-1', op: 'balance' }` and `{ id: 'x-1', amount: 5 }`. The result is the whole answer. One
 * with an `error` that is neither `null` nor `false` is rejected as `request-failed` with that as the
 * cause, unless `read` is given.
 */
export function byId({
  field = 'id',
  answerField = field,
  read = readUnlessError,
  ...others
}: ByIdOptions = {}): RequestSupport {
  return correlate({
    ...others,
    read,
    ask: (payload, id) => ({ ...requireObject(payload), [field]: id }),
    answeredId: (message) => readField(message, answerField),
  })
}

/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification): `request({ method, params })` resolves with
 * the `result` of the response, or rejects as `request-failed` with its `error` object as the cause.
 * Notifications and requests of the server are messages like any other.
 */
export function jsonRpc({ createId }: Pick<RequestConvention, 'createId'> = {}): RequestSupport {
  return correlate({
    ...(createId && { createId }),
    ask: (payload, id) => ({ ...requireObject(payload), jsonrpc: '2.0', id }),
    // A message with a method is a request of the server, whose ids are its own.
    answeredId: (message) =>
      readField(message, 'method') === undefined ? readField(message, 'id') : undefined,
    read: (answer) => readField(readUnlessError(answer), 'result'),
  })
}

function readField(message: unknown, field: string): unknown {
  return (message as Record<string, unknown> | null | undefined)?.[field]
}

function readUnlessError(answer: unknown): unknown {
  const error = readField(answer, 'error')
  // What the server said becomes the cause, whatever it is.
  if (error != null && error !== false) throw error as Error
  return answer
}

function requireObject(payload: unknown): object {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload
  throw new WirehookError('encode-failed', 'a request has to be an object, to take an id')
}
