import type { Price } from '../../docs/recipes/price-ticker.js'
import type { Client, Service } from './client.js'
import { readTexts } from './message-fields.js'

const maxSymbols = 20
const maxPerSecond = 100

/** Prices that go up and down. Each client gets those it watches, `?perSecond=10` times a second. */
export function createPriceTickerService(): Service {
  const timers = new Map<Client, ReturnType<typeof setInterval>>()
  const prices = new Map<string, number>()

  function move(symbol: string): Price {
    const before = prices.get(symbol) ?? startOf(symbol)
    const price = Math.max(1, before * (1 + (Math.random() - 0.5) / 100))
    prices.set(symbol, price)
    return { type: 'price', symbol, price: Math.round(price * 100) / 100 }
  }

  function watch(client: Client, symbols: readonly string[]): void {
    stop(client)
    const perSecond = Number(client.params.get('perSecond')) || 10
    const tick = (): void => symbols.forEach((symbol) => client.tell(move(symbol)))
    tick()
    timers.set(client, setInterval(tick, 1000 / Math.min(perSecond, maxPerSecond)))
  }

  function stop(client: Client): void {
    clearInterval(timers.get(client))
    timers.delete(client)
  }

  return {
    onLeave: stop,
    onMessage(client, message) {
      if (message.type === 'watch') watch(client, readTexts(message, 'symbols', maxSymbols))
      else client.close(1008, 'Not a message about prices')
    },
    close: () => [...timers.keys()].forEach(stop),
  }
}

/** The same for the same symbol, so that the table does not look different each time. */
function startOf(symbol: string): number {
  const letters = Array.from(symbol, (letter) => letter.codePointAt(0) ?? 0)
  return letters.reduce((sum, letter) => sum + letter, 0)
}
