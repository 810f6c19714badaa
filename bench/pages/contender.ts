import type { ComponentType, ReactNode } from 'react'
import type { Message } from './message'

/** What a table row shows of a topic: nothing it shows may be wrong, so it has to see every message. */
export interface Quote {
  readonly price: number
  readonly count: number
}

export const noQuote: Quote = { price: 0, count: 0 }

export function addToQuote({ count }: Quote, { price }: Message): Quote {
  return { price, count: count + 1 }
}

export interface ConnectionProps {
  readonly url: string
  /** Milliseconds, for those who can notice by themselves that a link is dead. */
  readonly heartbeatMs?: number | undefined
  /** Milliseconds between two attempts at most, where that can be said. */
  readonly maxDelayMs?: number | undefined
  readonly children?: ReactNode
}

export type RowComponent = ComponentType<{ readonly topic: string; readonly quote: Quote }>

export interface BoardProps {
  readonly topics: readonly string[]
  readonly Row: RowComponent
}

/** A library as an application would use it. What is left out, it cannot do. */
export interface Contender {
  readonly name: string
  /** Opens the connection for the components below. */
  readonly Connection: ComponentType<ConnectionProps>
  /** For a component that only wants to know whether it can send, and to send. */
  useStatus(): { readonly isOpen: boolean; send(value: unknown): void }
  /** For a component that shows the newest message. */
  useLatest(): Message | undefined
  /** For a component that does something for each message. */
  useListener(listener: (message: Message) => void): void
  /** For a component that shows all messages. */
  useList(): readonly Message[]
  /** Rows that show one topic each. */
  readonly Board: ComponentType<BoardProps>
}
