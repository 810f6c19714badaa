import { watchSockets } from './sockets'
import { signal } from './time'
import type { Parameters } from './workload'

/** A server that takes its time to open, and says when it has got all messages. */
export function queueAddress(parameters: Parameters): string {
  return `${parameters.server}?openAfterMs=${parameters.number('openAfterMs')}&expect=${parameters.number('messages')}`
}

/** From the moment the socket opens until the server has said that it has got everything. */
export function watchFlush(): Promise<{ readonly timeMs: number; readonly isInOrder: number }> {
  const flushed = signal<{ timeMs: number; isInOrder: number }>()
  let openedAt = Number.NaN
  watchSockets('open', () => {
    openedAt = performance.now()
  })
  watchSockets('message', (event) => {
    const { isInOrder } = JSON.parse((event as MessageEvent<string>).data) as { isInOrder: boolean }
    flushed.resolve({ timeMs: performance.now() - openedAt, isInOrder: Number(isInOrder) })
  })
  return flushed.promise
}
