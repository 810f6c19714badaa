import { createConnection } from 'wirehook'

export interface Price {
  type: 'price'
  symbol: string
  price: number
}

export interface Alert {
  type: 'alert'
  text: string
}

export type FromServer = Price | Alert

export interface ToServer {
  type: 'subscribe'
  symbol: string
}

/** A connection that never opens, for nobody uses it. */
export const live = createConnection<FromServer, ToServer>('wss://a.example/live')

/** Takes what is to be compiled and not to be run, such as components. */
export function compileOnly(_: (() => void) | ((props: never) => unknown)): void {}
