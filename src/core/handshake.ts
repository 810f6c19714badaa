import { readAbortReason } from './abort-reason'

/** Messages that come before the connection is open: for the handshake first, the rest for later. */
export interface HandshakeInbox {
  /** Returns how many messages wait. */
  deliver(message: unknown): number
  receive<Message>(matches?: (message: Message) => boolean): Promise<Message>
  /** What nobody received, in order. */
  readonly waiting: readonly unknown[]
}

interface Receiver {
  readonly matches: (message: unknown) => boolean
  readonly take: (message: unknown) => void
  readonly refuse: (reason: unknown) => void
}

/** @param signal ends whoever still waits to receive something */
export function createHandshakeInbox(signal: AbortSignal): HandshakeInbox {
  const waiting: unknown[] = []
  const receivers: Receiver[] = []
  signal.addEventListener('abort', () => {
    for (const { refuse } of receivers) refuse(readAbortReason(signal))
  })
  return {
    waiting,
    deliver(message) {
      const index = receivers.findIndex(({ matches }) => matches(message))
      if (index < 0) waiting.push(message)
      else receivers.splice(index, 1)[0]?.take(message)
      return waiting.length
    },
    receive<Message>(matches: (message: Message) => boolean = () => true) {
      const received = new Promise<Message>((take, refuse) => {
        const isWanted = matches as Receiver['matches']
        const index = waiting.findIndex(isWanted)
        if (signal.aborted) refuse(readAbortReason(signal))
        else if (index >= 0) take(waiting.splice(index, 1)[0] as Message)
        else receivers.push({ matches: isWanted, take: take as Receiver['take'], refuse })
      })
      // A handshake may ask for several and go on with the first; the others are no accident.
      received.catch(() => {})
      return received
    },
  }
}
