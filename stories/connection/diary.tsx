import { useReducer, useState } from 'react'
import { useWebSocket, type CloseInfo } from 'wirehook'
import { DemoCard } from '../demo/demo-page'

interface Entry {
  readonly number: number
  readonly at: number
  readonly text: string
}

/** What became of the provider's connection, newest first. Its height stays, so nothing jumps. */
export function Diary() {
  const [startedAt] = useState(Date.now)
  const [entries, write] = useReducer(addEntry, [])
  useWebSocket(undefined, {
    onOpen: ({ reconnected }) =>
      write({ at: Date.now(), text: reconnected ? 'Open again' : 'Open' }),
    onClose: (close) => write({ at: close.at, text: describe(close) }),
  })
  return (
    <DemoCard title="Diary">
      <ol className="demo-log" tabIndex={0} aria-label="What happened, newest first">
        {entries.map(({ number, at, text }) => (
          <li key={number}>
            <time>{((at - startedAt) / 1000).toFixed(1)} s</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </DemoCard>
  )
}

function addEntry(entries: readonly Entry[], entry: Omit<Entry, 'number'>): readonly Entry[] {
  const number = (entries[0]?.number ?? 0) + 1
  return [{ ...entry, number }, ...entries].slice(0, 50)
}

const enders: Record<CloseInfo['by'], string> = {
  server: 'Closed by the server',
  client: 'Closed by this page',
  network: 'Cut by the network',
}

function describe({ openForMs, error, code, reason, by }: CloseInfo): string {
  const said = by === 'server' ? `${code} ${reason}`.trim() : code
  const cause = error ? error.code.replaceAll('-', ' ') : said
  if (openForMs === null) return `Attempt failed: ${cause}`
  return error ? `Given up: ${cause}` : `${enders[by]}: ${cause}`
}
