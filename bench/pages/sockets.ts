/** The sockets that the page has opened, oldest first, whoever did it. */
export const sockets: WebSocket[] = []

type Watch = (event: Event) => void

const watches: [type: 'open' | 'message', watch: Watch][] = []

/** Is told of the events of each later socket before the library is that opens it. */
export function watchSockets(type: 'open' | 'message', watch: Watch): void {
  watches.push([type, watch])
}

globalThis.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols)
    sockets.push(this)
    for (const [type, watch] of watches) this.addEventListener(type, watch)
  }
}

/** Asks the server for something, past the library. */
export function order(what: object): void {
  sockets.at(-1)?.send(JSON.stringify(what))
}

const finished = '{"finished":1}'

/**
 * To be called before a socket is opened.
 *
 * @returns resolves when everything that was ordered before has arrived and was given to the library,
 * which does not hear of this one message
 */
export function prepareArrival(): () => Promise<void> {
  let onArrival = (): void => {}
  watchSockets('message', (event) => {
    if ((event as MessageEvent).data !== finished) return
    event.stopImmediatePropagation()
    onArrival()
  })
  return () =>
    new Promise((resolve) => {
      onArrival = resolve
      order({ do: 'finish' })
    })
}
