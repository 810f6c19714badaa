import type { ResolvedOptions } from './connection-options'
import type { Environment } from './environment'
import { isWirehookError, WirehookError } from './errors'
import { isLarger } from './frame'
import { guard } from './guard'
import { validate, type Valid } from './schema'
import { createSequence, proceed, rescue, type Eventually } from './sequence'

/** From frames to messages, in the order in which the frames came. */
export interface Inbound {
  /** @param waitedMs how long a ping had waited for this frame, or `null` if none did */
  receive(frame: unknown, waitedMs: number | null): void
  /** Goes on with a message that was kept. */
  release(message: unknown): void
  /** Does something once everything that came before has been dealt with. */
  afterwards(work: () => void): void
}

export interface InboundHost {
  readonly environment: Environment
  readOptions(): Pick<ResolvedOptions, 'codec' | 'incoming' | 'maxMessageBytes'>
  readShownUrl(): string
  /** Whether the message was for somebody else than the listeners. */
  intercept(message: unknown, waitedMs: number | null): boolean
  /** Whether the message came too early for listeners, and is kept. */
  keep(message: unknown): boolean
  onMessage(message: unknown): void
  onInvalid(frame: unknown, error: WirehookError): void
}

type Reading = (Valid & { readonly error?: undefined }) | { readonly error: WirehookError }

function toReading(value: unknown): Reading {
  return { value }
}

export function createInbound(host: InboundHost): Inbound {
  const { environment } = host
  const decodedInOrder = createSequence(environment)
  const checkedInOrder = createSequence(environment)

  function explain(cause: unknown): Reading {
    return {
      error: isWirehookError(cause)
        ? cause
        : new WirehookError('malformed-message', host.readShownUrl(), cause),
    }
  }

  function decode(frame: unknown): Eventually<Reading> {
    const { codec, maxMessageBytes } = host.readOptions()
    if (isLarger(frame, maxMessageBytes)) {
      throw new WirehookError('message-too-large', host.readShownUrl())
    }
    return proceed(codec.decode(frame, maxMessageBytes), toReading)
  }

  /** A message is checked once it is known to be for listeners. */
  function pass(decoded: Reading, frame: unknown, waitedMs: number | null): void {
    // A ping or pong need not be anything that the codec understands.
    const message = decoded.error ? frame : decoded.value
    if (guard(environment, () => host.intercept(message, waitedMs))) return
    if (decoded.error || !host.keep(message)) check(decoded, frame)
  }

  function check(decoded: Reading, frame: unknown): void {
    checkedInOrder(validated(decoded), (reading) => {
      if (reading.error) host.onInvalid(frame, reading.error)
      else host.onMessage(reading.value)
    })
  }

  function validated(decoded: Reading): Eventually<Reading> {
    const { incoming } = host.readOptions()
    if (decoded.error || !incoming) return decoded
    return rescue<Reading>(() => validate(incoming, decoded.value, host.readShownUrl), explain)
  }

  return {
    receive(frame, waitedMs) {
      const decoded = rescue(() => decode(frame), explain)
      decodedInOrder(decoded, (reading) => pass(reading, frame, waitedMs))
    },
    release: (message) => check({ value: message }, message),
    afterwards: (work) => decodedInOrder(undefined, () => checkedInOrder(undefined, work)),
  }
}
