/**
 * The end of a log, with what comes to it. It keeps the last lines in order and draws those in sight;
 * it follows the end until the reader scrolls up or pauses, and filters what it has:
 *
 *     const log = createConnection<LogLine>('/log')
 *     <LogTail connection={log} />
 *
 * The server sends a message for each line, with a number that grows.
 *
 * Needs `@tanstack/react-virtual` 3. What its hook returns changes in place, so the React Compiler has to
 * leave out the component that calls it ('use no memo'): a small one, which is given finished lines.
 */
'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useDeferredValue,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
} from 'react'
import { useMessages, type Connection } from 'wirehook'

export type LogLevel = 'info' | 'warn' | 'error'

export interface LogLine {
  readonly type: 'line'
  readonly number: number
  /** When it was written, in milliseconds since 1970. */
  readonly at: number
  readonly level: LogLevel
  readonly text: string
}

const levels: readonly LogLevel[] = ['info', 'warn', 'error']

export function LogTail({
  connection,
  limit = 5000,
}: {
  readonly connection: Connection<LogLine>
  /** Lines kept; the oldest go. */
  readonly limit?: number
}) {
  const lines = useMessages({ source: connection, topic: 'line', limit })
  const [paused, setPaused] = useState<readonly LogLine[] | null>(null)
  const [text, setText] = useState('')
  const [level, setLevel] = useState<LogLevel>('info')
  const wanted = useDeferredValue(text)
  const known = paused ?? lines
  const shown = useMemo(() => filter(known, wanted, level), [known, wanted, level])
  const newer = (lines.at(-1)?.number ?? 0) - (known.at(-1)?.number ?? 0)

  return (
    <div style={column}>
      <div style={row}>
        <input
          style={{ flex: '1 1 120px', minWidth: 0 }}
          type="search"
          aria-label="Only lines with this text"
          placeholder="Filter"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <select
          aria-label="Lowest level"
          value={level}
          onChange={({ target }) => setLevel(target.value as LogLevel)}
        >
          {levels.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button type="button" onClick={() => setPaused(paused ? null : lines)}>
          {paused ? `Follow${newer > 0 ? ` (${newer} new)` : ''}` : 'Pause'}
        </button>
      </div>
      <Lines lines={shown} isFollowing={!paused} onLeaveEnd={() => setPaused(lines)} />
      <p style={quiet}>
        {shown.length} of {known.length} lines
      </p>
    </div>
  )
}

function filter(lines: readonly LogLine[], text: string, level: LogLevel): readonly LogLine[] {
  if (text === '' && level === 'info') return lines
  const lowest = levels.indexOf(level)
  const wanted = text.toLowerCase()
  return lines.filter(
    (line) => levels.indexOf(line.level) >= lowest && line.text.toLowerCase().includes(wanted),
  )
}

const lineHeight = 22

function Lines({
  lines,
  isFollowing,
  onLeaveEnd,
}: {
  readonly lines: readonly LogLine[]
  readonly isFollowing: boolean
  readonly onLeaveEnd: () => void
}) {
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => lines[index]?.number ?? index,
    estimateSize: () => lineHeight,
    overscan: 10,
  })

  // Before anybody sees the new lines, so that the end never leaves its place.
  useLayoutEffect(() => {
    const { current } = scroller
    if (current && isFollowing) current.scrollTop = current.scrollHeight
  }, [lines, isFollowing])

  return (
    <div
      ref={scroller}
      style={window}
      role="log"
      aria-label="Lines"
      // Nobody wants to have all of this read to them.
      aria-live="off"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        const isAtEnd = scrollHeight - scrollTop - clientHeight < 2 * lineHeight
        if (isFollowing && !isAtEnd) onLeaveEnd()
      }}
    >
      <div style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const line = lines[index]
          return line && <Line key={key} line={line} start={start} />
        })}
      </div>
    </div>
  )
}

function Line({ line, start }: { readonly line: LogLine; readonly start: number }) {
  return (
    <div style={{ ...lineStyle, transform: `translateY(${start}px)` }}>
      <span style={{ opacity: 0.75 }}>{new Date(line.at).toLocaleTimeString('en-GB')} </span>
      <span style={{ color: colors[line.level] }}>
        {line.level.padEnd(5)} {line.text}
      </span>
    </div>
  )
}

const colors: Record<LogLevel, string> = {
  info: 'inherit',
  warn: 'light-dark(#8f5300, #f2b75f)',
  error: 'light-dark(#b81f35, #ff8c98)',
}

const column: CSSProperties = { display: 'flex', flexDirection: 'column', gap: 8, minWidth: 0 }

const row: CSSProperties = { display: 'flex', flexWrap: 'wrap', gap: 8 }

const window: CSSProperties = {
  height: 330,
  overflow: 'auto',
  border: '1px solid color-mix(in srgb, currentColor 20%, transparent)',
  borderRadius: 10,
  font: `13px/${lineHeight}px ui-monospace, monospace`,
}

const lineStyle: CSSProperties = {
  position: 'absolute',
  top: 0,
  left: 0,
  minWidth: '100%',
  height: lineHeight,
  padding: '0 10px',
  whiteSpace: 'pre',
}

const quiet: CSSProperties = { margin: 0, fontSize: 13, opacity: 0.75 }
