import type { Connection, FrameData, RequestOptions } from './connection'
import type { ResolvedOptions } from './connection-options'
import type { Environment } from './environment'
import { WirehookError } from './errors'
import { checkFrame, encodeFrame } from './frame'
import type { Outbox } from './outbox'
import type { Requests } from './requests'
import { validate } from './schema'
import { proceed, type Eventually } from './sequence'

/** From messages to frames: checked, encoded, and given an id if they ask for an answer. */
export interface Outbound extends Pick<Connection, 'send' | 'sendJSON' | 'request'> {
  /** Whether the message answers a request, and is for nobody else. */
  takeAnswer(message: unknown): boolean
  /** The link is gone, and with it the answers to what was sent on it. */
  loseAnswers(): void
}

export interface OutboundHost {
  readonly environment: Environment
  readonly outbox: Outbox
  readOptions(): Pick<ResolvedOptions, 'codec' | 'outgoing' | 'requests'>
  readShownUrl(): string
}

export function createOutbound(host: OutboundHost): Outbound {
  const { environment, outbox, readOptions } = host
  let requests: Requests | undefined

  function encode(
    value: unknown,
    toMessage = (valid: unknown): unknown => valid,
  ): Eventually<FrameData> {
    const { outgoing, codec } = readOptions()
    return proceed(validate(outgoing, value, host.readShownUrl), ({ value: valid }) =>
      encodeFrame(toMessage(valid), codec),
    )
  }

  /** Made when it is first needed; from then on the connection keeps to it. */
  function findRequests(): Requests {
    if (requests) return requests
    const { requests: support } = readOptions()
    if (!support) throw new WirehookError('no-requests', host.readShownUrl())
    const made =
      typeof support === 'function' &&
      support({
        environment,
        readShownUrl: host.readShownUrl,
        prepare(payload, toMessage) {
          const frame = encode(payload, toMessage)
          // A request has a deadline of its own.
          return (receipt) => outbox.send(frame, { ttlMs: Infinity }, receipt)
        },
        withdraw: outbox.withdraw,
      })
    // In JavaScript it is easily forgotten to call byId.
    if (!made || typeof made.request !== 'function') {
      throw new WirehookError('invalid-option', 'requests')
    }
    return (requests = made)
  }

  return {
    send: (data, options) => outbox.send(checkFrame(data), options),
    sendJSON: (value, options) => outbox.send(encode(value), options),
    async request<Reply>(payload: unknown, options?: RequestOptions) {
      return (await findRequests().request(payload, options)) as Reply
    },
    takeAnswer: (message) => !!requests?.take(message),
    loseAnswers: () => requests?.lose(),
  }
}
