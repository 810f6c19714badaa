import { createConnection, isWirehookError, type Connection } from 'wirehook'
import { readConfiguration } from './configuration'
import { recordSockets } from './recorded-sockets'

/** A connection to send on, and what came of it. */
export interface Sending {
  readonly connection: Connection
  /** Every native socket made, oldest first. */
  readonly sockets: WebSocket[]
  /** What became of each message, by its number: a result of `sendJSON`, or the code of its error. */
  readonly outcomes: string[]
  /** The most that the browser ever held back, in bytes. */
  mostBuffered: number
  /** The most messages that ever waited. */
  mostQueued: number
  /** Sends `{ n, padding }` that many times in one task. */
  sendInOneTask(count: number): void
  /** Sends a few messages per task until one is refused. */
  sendUntilFull(): Promise<void>
  /** Sends one message per task until none has waited. */
  sendUntilEmpty(): Promise<void>
}

declare global {
  interface Window {
    sending: Sending
  }
}

const { url, options } = readConfiguration()
const sockets = recordSockets([])
const connection = createConnection(url, options)
const outcomes: string[] = []
const messagesPerTask = 20

function measure(): void {
  const buffered = sockets.map(({ bufferedAmount }) => bufferedAmount)
  sending.mostBuffered = Math.max(sending.mostBuffered, ...buffered)
  sending.mostQueued = Math.max(sending.mostQueued, connection.getSnapshot().queued)
}

function sendNext(paddingLength: number): void {
  try {
    const message = { n: outcomes.length, padding: '.'.repeat(paddingLength) }
    outcomes.push(connection.sendJSON(message))
  } catch (error) {
    outcomes.push(isWirehookError(error) ? error.code : String(error))
  }
  measure()
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve)
  })
}

const sending: Sending = {
  connection,
  sockets,
  outcomes,
  mostBuffered: 0,
  mostQueued: 0,
  sendInOneTask(count) {
    for (let sent = 0; sent < count; sent += 1) sendNext(80)
  },
  async sendUntilFull() {
    while (outcomes.at(-1) !== 'queue-full') {
      sendNext(4000)
      if (outcomes.length % messagesPerTask === 0) await nextTask()
    }
  },
  async sendUntilEmpty() {
    while (outcomes.at(-1) !== 'sent') {
      await nextTask()
      sendNext(4000)
    }
  },
}

connection.subscribe(measure)
connection.lease()
window.sending = sending
