import type { Client, Service } from './client.js'

/** What something costs now. */
export interface Quote {
  readonly type: 'quote'
  readonly symbol: string
  readonly price: number
}

const beginnings = ['AR', 'BO', 'CE', 'DU', 'EL', 'FI', 'GA', 'HU', 'KO', 'LY']
const ends = ['D', 'K', 'L', 'M', 'N', 'R', 'S', 'T', 'V', 'X']

/** Everything that is traded here: a hundred of them. */
export const symbols = beginnings.flatMap((beginning) => ends.map((end) => beginning + end))

const mostPerSecond = 1000

/**
 * A market. Tells a newcomer every price; then `{ type: 'rate', perSecond: 50 }` lets prices change at
 * random, as often as that, and `{ type: 'move', symbol }` changes one.
 */
export function createQuotesService(): Service {
  const prices = new Map(symbols.map((symbol, index) => [symbol, 20 + ((index * 37) % 180)]))
  const timers = new Map<Client, ReturnType<typeof setInterval>>()

  function tell(client: Client, symbol: string): void {
    const quote: Quote = { type: 'quote', symbol, price: prices.get(symbol) ?? 0 }
    client.tell(quote)
  }

  /** Up or down by a little, and never not at all. */
  function move(client: Client, symbol: string): void {
    const price = prices.get(symbol)
    if (price === undefined) return client.close(1008, 'Unknown symbol')
    const sign = price < 5 || Math.random() < 0.5 ? 1 : -1
    prices.set(symbol, price + sign * (0.05 + Math.random()))
    tell(client, symbol)
  }

  function trade(client: Client, perSecond: number): void {
    stop(client)
    if (perSecond <= 0) return
    const moveAny = (): void => move(client, symbols[Math.floor(Math.random() * 100)] ?? '')
    timers.set(client, setInterval(moveAny, 1000 / Math.min(perSecond, mostPerSecond)))
  }

  function stop(client: Client): void {
    clearInterval(timers.get(client))
    timers.delete(client)
  }

  return {
    onJoin: (client) => symbols.forEach((symbol) => tell(client, symbol)),
    onMessage(client, { type, symbol, perSecond }) {
      if (type === 'move') move(client, String(symbol))
      else if (type === 'rate') trade(client, Number(perSecond))
      else client.close(1008, 'Unknown type')
    },
    onLeave: stop,
    close: () => timers.forEach((timer) => clearInterval(timer)),
  }
}
