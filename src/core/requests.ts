import type { RequestOptions, SendResult } from './connection'
import type { Environment } from './environment'
import { WirehookError, type WirehookErrorCode } from './errors'
import { guard } from './guard'
import type { Receipt } from './send-queue'
import { createTimer } from './timer'

/** How a server tells which request a message answers. */
export interface RequestConvention {
  /** The message that goes out: what was asked, with the id in it. */
  ask(payload: unknown, id: string | number): unknown
  /** The id of the request that a message answers; anything else for other messages. */
  answeredId(message: unknown): unknown
  /** The result in an answer. Throws what the server says went wrong. @default the whole message */
  read?(answer: unknown): unknown
  /**
   * Makes the id of the n-th request of a connection, counted from 1. An id is never used again.
   *
   * @default a text, unlike those of all other connections
   */
  createId?(count: number): string | number
}

/** The requests of one connection. */
export interface Requests {
  request(payload: unknown, options?: RequestOptions): Promise<unknown>
  /** Whether the message answers a request, also one that has been given up. */
  take(message: unknown): boolean
  /** The link is gone, and with it the answers to what was sent on it. */
  lose(): void
}

/** What requests need of their connection. */
export interface RequestHost {
  readonly environment: Environment
  readShownUrl(): string
  send(message: unknown, receipt: Receipt): SendResult
  withdraw(receipt: Receipt): void
}

/** Brings requests to a connection; the code for them is only in apps that use one of these. */
export type RequestSupport = (host: RequestHost) => Requests

const defaultTimeoutMs = 10_000

/** Requests given up whose answers are still recognized when they come late. */
const rememberedIds = 1000

interface PendingRequest {
  readonly isIdempotent: boolean
  isSent: boolean
  send(): void
  settle(answer: unknown): void
  fail(code: WirehookErrorCode, cause?: unknown): void
}

/** Requests for servers with a convention of their own. */
export function correlate(convention: RequestConvention): RequestSupport {
  return (host) => createRequests(convention, host)
}

function createRequests(convention: RequestConvention, host: RequestHost): Requests {
  const { environment } = host
  const pending = new Map<unknown, PendingRequest>()
  const givenUp = new Set<unknown>()
  const prefix = environment.random().toString(36).slice(2)
  let count = 0

  function giveUp(id: unknown): void {
    givenUp.add(id)
    const [oldest] = givenUp
    if (givenUp.size > rememberedIds) givenUp.delete(oldest)
  }

  function start(
    payload: unknown,
    { timeoutMs = defaultTimeoutMs, signal, idempotent = false }: RequestOptions,
    resolve: (result: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    signal?.throwIfAborted()
    if (!(timeoutMs >= 0)) throw new WirehookError('invalid-option', 'timeoutMs')
    count += 1
    const id = convention.createId?.(count) ?? `${prefix}-${count}`
    if (pending.has(id)) throw new WirehookError('invalid-option', 'createId')
    const message = convention.ask(payload, id)
    const timer = createTimer(environment)
    const abort = (): void => end(() => reject(signal?.reason), true)
    const receipt: Receipt = {
      onSent: () => (request.isSent = true),
      onDropped: () => request.fail('request-dropped'),
    }

    function end(tell: () => void, isGivenUp = false): void {
      if (!pending.delete(id)) return
      if (isGivenUp) giveUp(id)
      timer.stop()
      signal?.removeEventListener('abort', abort)
      host.withdraw(receipt)
      tell()
    }

    const request: PendingRequest = {
      isIdempotent: idempotent,
      isSent: false,
      send() {
        const result = host.send(message, receipt)
        request.isSent = result === 'sent'
        if (result === 'dropped') request.fail('request-dropped')
      },
      settle: (answer) =>
        end(() => {
          try {
            resolve(convention.read ? convention.read(answer) : answer)
          } catch (cause) {
            reject(new WirehookError('request-failed', host.readShownUrl(), cause))
          }
        }),
      fail: (code, cause) =>
        end(() => reject(new WirehookError(code, host.readShownUrl(), cause)), true),
    }

    pending.set(id, request)
    signal?.addEventListener('abort', abort)
    timer.set(environment.now() + (timeoutMs || Infinity), () => request.fail('request-timeout'))
    try {
      request.send()
    } catch (error) {
      end(() => reject(error))
    }
  }

  return {
    request: (payload, options = {}) =>
      new Promise((resolve, reject) => start(payload, options, resolve, reject)),
    take(message) {
      const id = guard(environment, () => convention.answeredId(message))
      const request = pending.get(id)
      request?.settle(message)
      return !!request || givenUp.delete(id)
    },
    lose() {
      for (const request of pending.values()) {
        if (!request.isSent) continue
        if (!request.isIdempotent) request.fail('outcome-unknown')
        else {
          try {
            request.send()
          } catch (cause) {
            request.fail('outcome-unknown', cause)
          }
        }
      }
    },
  }
}
