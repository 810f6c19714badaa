import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A connection to a browser in the Chrome DevTools Protocol. */
export interface DevTools {
  /** Carries out a command in the browser, or in the target that a session is attached to. */
  send<Result = unknown>(method: string, parameters?: object, sessionId?: string): Promise<Result>
  /** Calls back for every event of a session. */
  onEvent(sessionId: string, listener: (method: string, parameters: unknown) => void): void
  disconnect(): void
}

interface Incoming {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Call {
  readonly method: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

export async function connectDevTools(url: string): Promise<DevTools> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 })
  const calls = new Map<number, Call>()
  const listeners = new Map<string, (method: string, parameters: unknown) => void>()
  let lastId = 0

  socket.on('message', (data) => {
    const { id, sessionId, method, params, result, error } = JSON.parse(
      (data as Buffer).toString(),
    ) as Incoming
    if (method !== undefined && sessionId !== undefined) listeners.get(sessionId)?.(method, params)
    const call = id === undefined ? undefined : calls.get(id)
    if (id === undefined || !call) return
    calls.delete(id)
    if (error) call.reject(new Error(`${call.method}: ${error.message}`))
    else call.resolve(result)
  })
  socket.on('close', () => {
    for (const { method, reject } of calls.values()) reject(new Error(`${method}: browser gone`))
    calls.clear()
  })
  await once(socket, 'open')

  return {
    send<Result>(method: string, params: object = {}, sessionId?: string): Promise<Result> {
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        calls.set(id, { method, resolve: resolve as Call['resolve'], reject })
        socket.send(JSON.stringify({ id, method, params, sessionId }), (error) => {
          if (error) reject(error)
        })
      })
    },
    onEvent: (sessionId, listener) => listeners.set(sessionId, listener),
    disconnect: () => socket.terminate(),
  }
}
