import type { RequestOptions, SendResult } from './connection'
import type { Environment } from './environment'
import { WirehookError } from './errors'
import { createPendingRequest, type PendingRequest } from './pending-request'
import type { Receipt } from './send-queue'

/** How a server tells which request a message answers. */
export interface RequestConvention {
  /** The message that goes out: what was asked, with the id in it. */
  ask(payload: unknown, id: string | number): unknown
  /**
   * The id of the request that a message answers; anything else for other messages. Is asked about
   * every message, also about text that did not decode. If it throws, the message answers none.
   */
  answeredId(message: unknown): unknown
  /** The result in an answer. Throws what the server says went wrong. @default the whole message */
  read?(answer: unknown): unknown
  /**
   * Makes the id of the n-th request of a connection, counted from 1. It must not give an id twice.
   *
   * @default a text, unlike those of all other connections
   */
  createId?(count: number): string | number
}

/** The requests of one connection. */
export interface Requests {
  request(payload: unknown, options?: RequestOptions): Promise<unknown>
  /** Whether the message answers a request, also one that is over. */
  take(message: unknown): boolean
  /** The link is gone, and with it the answers to what was sent on it. */
  lose(): void
}

/** Sends a message, or puts it into the queue. */
export type Transmit = (receipt: Receipt) => SendResult

/** What requests need of their connection. */
export interface RequestHost {
  readonly environment: Environment
  readShownUrl(): string
  /**
   * Checks a payload, makes a message of it and encodes that, all now.
   *
   * @returns sends the message, however often
   */
  prepare(payload: unknown, toMessage: (valid: unknown) => unknown): Transmit
  withdraw(receipt: Receipt): void
}

/** Brings requests to a connection; the code for them is only in apps that use one of these. */
export type RequestSupport = (host: RequestHost) => Requests

const defaultTimeoutMs = 10_000

/** Requests that are over, whose answers are still recognized when they come late or twice. */
const rememberedIds = 1000

/** Requests for servers with a convention of their own. */
export function correlate(convention: RequestConvention): RequestSupport {
  return (host) => createRequests(convention, host)
}

function createRequests(convention: RequestConvention, host: RequestHost): Requests {
  const pending = new Map<unknown, PendingRequest>()
  const settled = new Set<unknown>()
  const prefix = host.environment.random().toString(36).slice(2)
  let count = 0

  function createId(): string | number {
    count += 1
    const id = convention.createId?.(count) ?? `${prefix}-${count}`
    if (pending.has(id) || settled.has(id)) throw new WirehookError('invalid-option', 'createId')
    return id
  }

  function remember(id: unknown): void {
    settled.add(id)
    const [oldest] = settled
    if (settled.size > rememberedIds) settled.delete(oldest)
  }

  return {
    request: (payload, options = {}) =>
      new Promise((resolve, reject) => {
        const { timeoutMs = defaultTimeoutMs } = options
        if (!(timeoutMs >= 0)) throw new WirehookError('invalid-option', 'timeoutMs')
        const id = createId()
        const onEnd = (): void => {
          pending.delete(id)
          remember(id)
        }
        const transmit = host.prepare(payload, (valid) => convention.ask(valid, id))
        const outcome = { resolve, reject, onEnd }
        const limits = { ...options, timeoutMs }
        const request = createPendingRequest(transmit, limits, convention, host, outcome)
        pending.set(id, request)
        request.start()
      }),
    take(message) {
      const id = convention.answeredId(message)
      const request = pending.get(id)
      request?.settle(message)
      return !!request || settled.has(id)
    },
    lose: () => pending.forEach((request) => request.lose()),
  }
}
