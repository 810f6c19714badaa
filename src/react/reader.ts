import type { MessageFilter, Schedule, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'
import type { MessageSource } from './use-source'

export interface ReaderOptions<Incoming = unknown> {
  /** Where the messages come from. @default the provider's connection */
  source?: MessageSource<Incoming>
  /**
   * How often to render; another value counts from the next message on.
   *
   * @default the connection's `schedule`, else `'auto'`
   */
  schedule?: Schedule
}

/** Takes messages in, outside React, and says what they have come to. */
export interface Fold<Value> {
  add(message: unknown): void
  /** The same value as long as nothing was added. */
  read(): Value
}

/**
 * What one mounted hook makes of the messages. It takes in every one of them at once, and shows what
 * they have come to as often as the schedule says, so React may render as late as it likes.
 */
export interface Reader<Value> {
  /** The value shown. */
  get(): Value
  /** Takes in messages, on a lease, as long as somebody listens. */
  subscribe(onChange: () => void): Undo
  /** Takes over what the newest render brought. */
  update(schedule: Schedule | undefined): void
}

export function createReader<Value>(
  source: Source,
  filter: MessageFilter,
  fold: Fold<Value>,
): Reader<Value> {
  let schedule: Schedule | undefined
  let isReading = false
  let shown = fold.read()

  return {
    // Without a lease nothing comes in by itself, and whoever asks is shown what there is.
    get: () => (isReading ? shown : (shown = fold.read())),
    update(newest) {
      schedule = newest
    },
    subscribe(onChange) {
      const [connection, release] = source.lease() ?? []
      if (!connection || !release) return () => {}
      shown = fold.read()
      isReading = true
      const plan = connection.planRender(() => {
        shown = fold.read()
        onChange()
      })
      const detach = connection.on(
        'message',
        (message: unknown) => {
          fold.add(message)
          plan.request(schedule)
        },
        filter,
      )
      return () => {
        isReading = false
        detach()
        plan.cancel()
        release()
      }
    },
  }
}
