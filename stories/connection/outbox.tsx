/// <reference types="vite/client" />
import { useEffect, useId, useReducer } from 'react'
import { isWirehookError, useMessages, useWebSocket, type SendResult } from 'wirehook'
import { DemoCard, DemoFacts } from '../demo/demo-page'
import './connection.css'

interface Note {
  readonly type: 'note'
  readonly number: number
}

/** The server says back what it was told. */
interface Echo {
  readonly type: 'echo'
  readonly number: number
}

/** What became of a note, as far as this side knows. */
type Fate = SendResult | 'refused' | 'arrived'

const fateNames: Record<Fate, string> = {
  sent: 'Sent',
  queued: 'Waiting',
  dropped: 'Dropped',
  refused: 'Refused',
  arrived: 'Arrived',
}

/** Numbered notes, what became of each, and in which order the server got them. */
export function Outbox({ limit = 1000 }: { readonly limit?: number | undefined }) {
  const { connection, queued, sendJSON } = useWebSocket<Echo, Note>()
  const orderId = useId()
  const [fates, note] = useReducer(noteFate, new Map<number, Fate>())
  const arrived = useMessages<Echo>({ topic: 'echo' }).map(({ number }) => number)

  // Only what had been accepted is told of here; all else is told to who sends it.
  useEffect(
    () =>
      connection?.on('drop', ({ data }) => {
        if (typeof data === 'string') note([(JSON.parse(data) as Note).number, 'dropped'])
      }),
    [connection],
  )

  function send(number: number): Fate {
    try {
      return sendJSON({ type: 'note', number })
    } catch (error) {
      if (isWirehookError(error) && error.code === 'queue-full') return 'refused'
      throw error
    }
  }

  function sendMany(count: number): void {
    for (let number = fates.size + 1; number <= fates.size + count; number += 1) {
      // Noted before it is sent, so that the news of its end comes after.
      note([number, 'queued'])
      const fate = send(number)
      if (fate !== 'queued') note([number, fate])
    }
  }

  return (
    <DemoCard title="Outbox">
      <div className="demo-row">
        <button type="button" data-primary onClick={() => sendMany(1)}>
          Send a message
        </button>
        <button type="button" onClick={() => sendMany(8)}>
          Send 8 messages
        </button>
      </div>
      <DemoFacts facts={{ Queued: `${queued} of ${limit}` }} />
      <ol className="outbox" aria-label="What became of each message">
        {[...fates].map(([number, fate]) => (
          <OutboxNote
            key={number}
            number={number}
            fate={arrived.includes(number) ? 'arrived' : fate}
          />
        ))}
      </ol>
      <h3 id={orderId}>Arrived at the server, in this order</h3>
      <p className="outbox-order" aria-labelledby={orderId} role="group">
        {arrived.join(' ') || '–'}
      </p>
    </DemoCard>
  )
}

function OutboxNote({ number, fate }: { readonly number: number; readonly fate: Fate }) {
  return (
    <li data-fate={fate}>
      <strong>{number}</strong> {fateNames[fate]}
    </li>
  )
}

function noteFate(
  fates: ReadonlyMap<number, Fate>,
  [number, fate]: readonly [number, Fate],
): ReadonlyMap<number, Fate> {
  return new Map(fates).set(number, fate)
}
