import { useReducer } from 'react'
import { explainClose } from './explain'
import { useChatConnection } from './use-chat-connection'

interface DiaryEntry {
  readonly number: number
  readonly kind: 'open' | 'end'
  readonly text: string
  readonly at: number
}

const maxEntries = 12

/** What became of the connection, newest first. */
export function ConnectionDiary() {
  const [entries, write] = useReducer(addEntry, [])
  useChatConnection({
    onOpen: ({ reconnected }) =>
      write({ kind: 'open', text: reconnected ? 'Open again' : 'Open', at: Date.now() }),
    onClose: (close) => write({ kind: 'end', text: explainClose(close), at: close.at }),
  })

  return (
    <section className="chat-card chat-diary" aria-label="Diary">
      <h2>What happened</h2>
      <ol>
        {entries.map(({ number, kind, text, at }) => (
          <li key={number} data-kind={kind}>
            <time dateTime={new Date(at).toISOString()}>{timeOf(at)}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function addEntry(entries: readonly DiaryEntry[], entry: Omit<DiaryEntry, 'number'>) {
  const number = (entries[0]?.number ?? 0) + 1
  return [{ ...entry, number }, ...entries].slice(0, maxEntries)
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
}
