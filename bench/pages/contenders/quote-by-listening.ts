import { useCallback, useState } from 'react'
import { addToQuote, noQuote, type Contender, type Quote } from '../contender'
import type { Message } from '../message'

/** For libraries that know no topics: every row looks at every message. */
export function quoteByListening(useListener: Contender['useListener']): (topic: string) => Quote {
  return function useQuote(topic) {
    const [quote, setQuote] = useState(noQuote)
    useListener(
      useCallback(
        (message: Message) => {
          if (message.topic === topic) setQuote((before) => addToQuote(before, message))
        },
        [topic],
      ),
    )
    return quote
  }
}
