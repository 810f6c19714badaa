/**
 * Puts a recording class in place of `WebSocket`.
 *
 * @returns the sockets made from now on
 */
export function recordSockets(events: string[]): WebSocket[] {
  const sockets: WebSocket[] = []
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      const name = `socket ${sockets.push(this)}`
      this.addEventListener('open', () => events.push(`${name} opened`))
      this.addEventListener('close', ({ code }) => events.push(`${name} closed ${code}`))
    }
  }
  return sockets
}
