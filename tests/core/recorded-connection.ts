import type {
  Connection,
  ConnectionEvents,
  ConnectionStatus,
  Undo,
} from '../../src/core/connection'
import type { ConnectionOptions, PerAttempt } from '../../src/core/connection-options'
import { createConnection } from '../../src/core/create-connection'
import { createFakeEnvironment, type FakeEnvironment, type FakeSocket } from '../fake-environment'

export const url = 'wss://a.example/live'

type Payload<Name extends keyof ConnectionEvents> = Parameters<ConnectionEvents[Name]>[0]

type Recorded = { readonly [Name in keyof ConnectionEvents as `${Name}s`]: Payload<Name>[] }

/** A connection in a fake world, and all that it has told. */
export interface RecordedConnection extends Recorded {
  readonly connection: Connection
  readonly environment: FakeEnvironment
  /** Every status, from the first change on. */
  readonly statuses: ConnectionStatus[]
  /** The names of all events in order. */
  readonly log: string[]
  /** Takes a lease and lets the attempt begin. */
  start(): Promise<Undo>
  /** The same, up to an open socket. */
  open(): Promise<FakeSocket>
  /** Lets the retry that is scheduled begin, and its socket open. */
  reopen(): Promise<FakeSocket>
}

export function recordConnection(
  options: ConnectionOptions = {},
  target: PerAttempt<string | URL> = url,
): RecordedConnection {
  const environment = createFakeEnvironment()
  const connection = createConnection(target, { environment, ...options })
  const recorded: Recorded = { opens: [], messages: [], closes: [], errors: [], drops: [] }
  const statuses: ConnectionStatus[] = []
  let status = connection.getSnapshot().status
  const log: string[] = []

  for (const name of ['open', 'message', 'close', 'error', 'drop'] as const) {
    connection.on(name, (payload: unknown) => {
      log.push(name)
      recorded[`${name}s`].push(payload as never)
    })
  }
  connection.subscribe(() => {
    const newest = connection.getSnapshot().status
    if (newest !== status) statuses.push(newest)
    status = newest
  })

  async function start(): Promise<Undo> {
    const release = connection.lease()
    await environment.advance(0)
    return release
  }

  async function openNewest(): Promise<FakeSocket> {
    const socket = environment.newestSocket()
    await socket.open()
    return socket
  }

  return {
    ...recorded,
    connection,
    environment,
    statuses,
    log,
    start,
    async open() {
      await start()
      return openNewest()
    },
    async reopen() {
      const { retryAt } = connection.getSnapshot()
      await environment.advance((retryAt ?? environment.now()) - environment.now())
      return openNewest()
    },
  }
}
