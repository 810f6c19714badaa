import type { ComponentType } from 'react'
import type { BoardProps, Quote, RowComponent } from './contender'

/** A board whose rows look up their topic by themselves. */
export function boardOf(useQuote: (topic: string) => Quote): ComponentType<BoardProps> {
  function QuoteOf({ topic, Row }: { readonly topic: string; readonly Row: RowComponent }) {
    return <Row topic={topic} quote={useQuote(topic)} />
  }
  return function Board({ topics, Row }) {
    return topics.map((topic) => <QuoteOf key={topic} topic={topic} Row={Row} />)
  }
}
