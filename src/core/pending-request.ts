import { readAbortReason } from './abort-reason'
import type { RequestOptions } from './connection'
import { WirehookError, type WirehookErrorCode } from './errors'
import type { RequestConvention, RequestHost, Transmit } from './requests'
import type { Receipt } from './send-queue'
import { createTimer } from './timer'

/** A request that has no answer yet. It is settled once. */
export interface PendingRequest {
  /** Sends the message, or puts it into the queue, and counts the time from now. */
  start(): void
  /** The answer is there. */
  settle(answer: unknown): void
  /** The link is gone: what was sent on it is sent again, or will never be known. */
  lose(): void
}

/** How its caller is told, and what is left to do when it is over. */
interface Outcome {
  resolve(result: unknown): void
  reject(reason: unknown): void
  onEnd(): void
}

export function createPendingRequest(
  transmit: Transmit,
  { timeoutMs, signal, idempotent = false }: RequestOptions & { timeoutMs: number },
  { read = (answer) => answer }: Pick<RequestConvention, 'read'>,
  host: RequestHost,
  { resolve, reject, onEnd }: Outcome,
): PendingRequest {
  const timer = createTimer(host.environment)
  let stage: 'waiting' | 'sent' | 'waiting-again' | 'over' = 'waiting'

  const receipt: Receipt = {
    onSent: () => (stage = 'sent'),
    onDropped(error) {
      if (stage === 'waiting' && error) end(() => reject(error))
      else fail(stage === 'waiting' ? 'request-dropped' : 'outcome-unknown', error)
    },
  }

  function end(tell: () => void): void {
    if (isOver()) return
    const isQueued = stage !== 'sent'
    stage = 'over'
    timer.stop()
    signal?.removeEventListener('abort', abort)
    if (isQueued) host.withdraw(receipt)
    onEnd()
    tell()
  }

  function fail(code: WirehookErrorCode, cause?: unknown): void {
    end(() => reject(new WirehookError(code, host.readShownUrl(), cause)))
  }

  function abort(): void {
    end(() => reject(signal && readAbortReason(signal)))
  }

  function send(): void {
    const result = transmit(receipt)
    // Whoever had to make room in the queue may have given this request up.
    if (isOver()) return host.withdraw(receipt)
    if (result === 'sent') receipt.onSent()
    if (result === 'dropped') receipt.onDropped()
  }

  function isOver(): boolean {
    return stage === 'over'
  }

  return {
    start() {
      signal?.addEventListener('abort', abort)
      timer.set(host.environment.now() + (timeoutMs || Infinity), () => fail('request-timeout'))
      try {
        send()
      } catch (error) {
        end(() => reject(error))
      }
    },
    settle(answer) {
      end(() => {
        try {
          resolve(read(answer))
        } catch (cause) {
          reject(new WirehookError('request-failed', host.readShownUrl(), cause))
        }
      })
    },
    lose() {
      if (stage !== 'sent') return
      if (!idempotent) return fail('outcome-unknown')
      stage = 'waiting-again'
      try {
        send()
      } catch (cause) {
        fail('outcome-unknown', cause)
      }
    },
  }
}
