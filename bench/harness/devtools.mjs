import { once } from 'node:events'
import { WebSocket } from 'ws'

/**
 * A connection to a browser in the Chrome DevTools Protocol. Only what is asked for is turned on: a
 * browser that reports every frame of a socket to its driver has more to do than to be measured.
 *
 * @typedef {<Result = Record<string, unknown>>(
 *   method: string,
 *   parameters?: object,
 *   sessionId?: string,
 * ) => Promise<Result>} Send
 *
 * @param {string} url
 */
export async function connectDevTools(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 })
  /** @type {Map<number, { resolve(result: unknown): void, reject(error: Error): void }>} */
  const calls = new Map()
  let lastId = 0

  socket.on('message', (data) => {
    const { id, result, error } =
      /** @type {{ id?: number, result?: unknown, error?: { message: string } }} */
      (JSON.parse(/** @type {Buffer} */ (data).toString()))
    const call = calls.get(id ?? 0)
    calls.delete(id ?? 0)
    if (error) call?.reject(new Error(error.message))
    else call?.resolve(result)
  })
  socket.on('close', () => {
    for (const { reject } of calls.values()) reject(new Error('The browser is gone.'))
  })
  await once(socket, 'open')

  /** @type {Send} */
  const send = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1
      calls.set(lastId, { resolve, reject })
      socket.send(JSON.stringify({ id: lastId, method, params, sessionId }))
    })

  return { send, disconnect: () => socket.terminate() }
}
