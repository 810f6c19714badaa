import type { Connection, ConnectionEvents, RenderPlan, Schedule, Undo } from '../core/connection'
import type { Source } from '../core/connection-pool'
import { idleSnapshot } from '../core/snapshot-store'
import { requestFrom } from './source'
import type { WebSocketView } from './use-web-socket'

/** Callbacks by the event they are for. */
export type Callbacks = {
  readonly [Name in 'open' | 'message' | 'close' | 'error']: ConnectionEvents[Name] | undefined
}

/** What one mounted hook sees of a connection. It renders for the fields it has read and no others. */
export interface ConnectionObserver {
  /** The same view until a field that was read has changed. */
  getView(): WebSocketView
  getServerView(): WebSocketView
  /** Holds a lease as long as somebody listens. */
  subscribe(onChange: () => void): Undo
  /** Takes over what the newest render brought. */
  update(callbacks: Callbacks, schedule: Schedule | undefined): void
}

type Fields = Record<string, unknown>

export function createConnectionObserver(source: Source): ConnectionObserver {
  const fieldsRead = new Set<string>()
  const actions: Pick<WebSocketView, 'send' | 'sendJSON' | 'request' | 'reconnect' | 'close'> = {
    send: (data, options) => source.visit()?.send(data, options) ?? 'dropped',
    sendJSON: (value, options) => source.visit()?.sendJSON(value, options) ?? 'dropped',
    request: (payload, options) => requestFrom(source, payload, options),
    reconnect: () => source.visit()?.reconnect(),
    close: (code, reason) => source.find()?.close(code, reason),
  }
  let callbacks: Partial<Callbacks> = {}
  let schedule: Schedule | undefined
  let attachMissing = (): void => {}
  let fields = readFields(source.find())
  let view = watch(fields)
  let serverView: WebSocketView | undefined

  function readFields(connection: Connection | undefined): Fields {
    // In engines of today a fraction of the time and memory of spreading, and each view comes here.
    const own: Fields = {
      lastMessage: readField(connection, 'lastMessage'),
      connection: readField(connection, 'connection'),
    }
    return Object.assign(own, actions, connection?.getSnapshot() ?? idleSnapshot)
  }

  function readField(connection: Connection | undefined, name: string): unknown {
    if (name === 'lastMessage') return connection?.getLastMessage()
    if (name === 'connection') return connection ?? null
    return ((connection?.getSnapshot() ?? idleSnapshot) as unknown as Fields)[name]
  }

  /** Reading a field is what subscribes to it. */
  function watch(target: Fields): WebSocketView {
    return new Proxy(target, {
      get(_, name: string) {
        if (name in target && !(name in actions) && !fieldsRead.has(name)) {
          fieldsRead.add(name)
          // Nobody has seen this field yet, so it may be made fresh in place, also between renders.
          if (target === fields) target[name] = readField(source.find(), name)
          attachMissing()
        }
        return target[name]
      },
    }) as unknown as WebSocketView
  }

  function getView(): WebSocketView {
    const connection = source.find()
    // React asks several times for each render: only what was read is looked at.
    for (const name of fieldsRead) {
      if (readField(connection, name) === fields[name]) continue
      fields = readFields(connection)
      view = watch(fields)
      break
    }
    return view
  }

  return {
    getView,
    getServerView: () => (serverView ??= watch(readFields(undefined))),
    subscribe(onChange) {
      const [connection, release] = source.lease() ?? []
      if (!connection || !release) return () => {}
      const attached: Partial<Record<keyof Callbacks, Undo>> = {}
      const unsubscribe = connection.subscribe(onChange)
      let messages: RenderPlan | undefined
      // A listener that nobody needs would cost every component time for every message.
      attachMissing = () => {
        for (const name of ['open', 'message', 'close', 'error'] as const) {
          const isNeeded = callbacks[name] ?? (name === 'message' && fieldsRead.has('lastMessage'))
          if (!isNeeded || attached[name]) continue
          attached[name] = connection.on(name, (payload: unknown) => {
            if (name === 'message' && fieldsRead.has('lastMessage')) {
              // 'sync' for the widespread effect on `lastMessage`, which is to see every message.
              messages ??= connection.planRender(onChange, 'sync')
              messages.request(schedule)
            }
            callbacks[name]?.(payload as never)
          })
        }
      }
      attachMissing()
      return () => {
        attachMissing = () => {}
        Object.values(attached).forEach((detach) => detach())
        messages?.cancel()
        unsubscribe()
        release()
      }
    },
    update(newest, newSchedule) {
      callbacks = newest
      schedule = newSchedule
      attachMissing()
    },
  }
}
