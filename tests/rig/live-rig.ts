import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type {
  CloseInfo,
  Connection,
  ConnectionOptions,
  ConnectionStatus,
  DroppedMessage,
  OpenInfo,
  Undo,
  WirehookError,
} from '../../src/core'
import { createConnection } from '../../src/core'
import type { FaultProxy } from './network/fault-proxy'
import { startFaultProxy } from './network/fault-proxy'
import type { LiveServer, LiveServerOptions } from './live-server'
import { startLiveServer } from './live-server'
import { eventually } from './waiting'

/** A connection together with all it has told its listeners. */
export interface RecordedConnection {
  readonly connection: Connection
  /** Every status in turn, from the one before the first lease. */
  readonly statuses: readonly ConnectionStatus[]
  readonly opens: readonly OpenInfo[]
  readonly messages: readonly unknown[]
  readonly closes: readonly CloseInfo[]
  readonly errors: readonly WirehookError[]
  readonly drops: readonly DroppedMessage[]
  /** Every socket it has made, newest last. */
  readonly sockets: readonly WebSocket[]
  /** Ends the lease the connection was made with. */
  readonly release: Undo
}

/** A real server, a fault proxy in front of it, and connections that go through the proxy. */
export interface LiveRig {
  readonly server: LiveServer
  readonly proxy: FaultProxy
  /** Makes a connection, records it and takes a lease. Its waits are short unless given. */
  readonly connect: (options?: ConnectionOptions) => RecordedConnection
}

/** Starts a rig that ends with the running test. */
export async function startLiveRig(options?: LiveServerOptions): Promise<LiveRig> {
  const server = await startLiveServer(options)
  const proxy = await startFaultProxy(server.port)
  const connections: RecordedConnection[] = []
  onTestFinished(async () => {
    for (const { connection, release } of connections) {
      connection.close()
      release()
    }
    await proxy.close()
    await server.stop()
  })
  return {
    server,
    proxy,
    connect(connectionOptions = {}) {
      const recorded = connectRecorded(`${proxy.url}/live`, connectionOptions)
      connections.push(recorded)
      return recorded
    },
  }
}

/** The same without a proxy, to any address. The connection ends with the running test. */
export function connectTo(url: string | URL, options: ConnectionOptions = {}): RecordedConnection {
  const recorded = connectRecorded(url, options)
  onTestFinished(() => {
    recorded.connection.close()
    recorded.release()
  })
  return recorded
}

/** Resolves once the connection has that status. */
export async function reached(
  { connection }: RecordedConnection,
  status: ConnectionStatus,
): Promise<void> {
  await eventually(() => connection.getSnapshot().status === status, status)
}

/** Resolves once the connection has been opened that many times. */
export async function openedTimes({ opens }: RecordedConnection, times: number): Promise<void> {
  await eventually(() => opens.length >= times, `open ${times} times`)
}

function connectRecorded(
  url: string | URL,
  { environment, ...options }: ConnectionOptions,
): RecordedConnection {
  const sockets: WebSocket[] = []
  const connection = createConnection(url, {
    connectTimeoutMs: 1000,
    lingerMs: 0,
    ...options,
    reconnect: options.reconnect === false ? false : { minDelayMs: 20, ...options.reconnect },
    environment: {
      createSocket(address, protocols) {
        const socket = new WebSocket(address, protocols)
        sockets.push(socket)
        return socket
      },
      ...environment,
    },
  })
  return { connection, sockets, ...record(connection), release: connection.lease() }
}

function record(connection: Connection) {
  const statuses: ConnectionStatus[] = [connection.getSnapshot().status]
  const opens: OpenInfo[] = []
  const messages: unknown[] = []
  const closes: CloseInfo[] = []
  const errors: WirehookError[] = []
  const drops: DroppedMessage[] = []
  connection.subscribe(() => {
    const { status } = connection.getSnapshot()
    if (status !== statuses.at(-1)) statuses.push(status)
  })
  connection.on('open', (info) => opens.push(info))
  connection.on('message', (message) => messages.push(message))
  connection.on('close', (close) => closes.push(close))
  connection.on('error', (error) => errors.push(error))
  connection.on('drop', (dropped) => drops.push(dropped))
  return { statuses, opens, messages, closes, errors, drops }
}
