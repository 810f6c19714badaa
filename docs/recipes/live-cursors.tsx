/**
 * Who is here, and where they point. People come with their link, and leave with it:
 *
 *     const cursors = createCursorsConnection('/cursors', 'Ada')
 *     <LiveCursors connection={cursors}>… what they point at …</LiveCursors>
 *
 * The server answers `hello` with `welcome`, tells everybody each change of a `person`, and who has
 * `left`. It should let go of links that have gone silent, or their people stay.
 */
'use client'

import { useRef, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'
import {
  createConnection,
  useMessageReducer,
  useWebSocket,
  type Connection,
  type ConnectionOptions,
} from 'wirehook'

/** Where somebody points, in shares of the width and the height. */
export interface Cursor {
  readonly x: number
  readonly y: number
}

export interface Person {
  readonly id: number
  readonly name: string
  /** `null` while it points at nothing. */
  readonly cursor: Cursor | null
}

export type CursorsFromServer =
  | { readonly type: 'welcome'; readonly you: number; readonly people: readonly Person[] }
  | { readonly type: 'person'; readonly person: Person }
  | { readonly type: 'left'; readonly id: number }

export interface CursorsToServer {
  readonly type: 'cursor'
  readonly cursor: Cursor | null
}

export type CursorsConnection = Connection<CursorsFromServer, CursorsToServer>

/** Says who it is on every new link, and how often it points. */
export function createCursorsConnection(
  url: string,
  name: string,
  options?: ConnectionOptions<CursorsFromServer>,
): CursorsConnection {
  return createConnection<CursorsFromServer, CursorsToServer>(url, {
    handshake: ({ sendJSON }) => sendJSON({ type: 'hello', name }),
    // What comes faster waits, and of what waits only the newest is kept: see replaceKey below.
    pacing: { messagesPerSecond: 30 },
    ...options,
  })
}

export function LiveCursors({
  connection,
  children,
}: {
  readonly connection: CursorsConnection
  readonly children?: ReactNode
}) {
  const { status, sendJSON } = useWebSocket(connection)
  const { you, people } = useMessageReducer(arrange, nobody, { source: connection })
  const own = useRef<Cursor>({ x: 0.5, y: 0.5 })
  const isLive = status === 'open'

  function point(cursor: Cursor | null): void {
    own.current = cursor ?? own.current
    sendJSON({ type: 'cursor', cursor }, { replaceKey: 'cursor', ttlMs: 1000 })
  }

  function pointByKey(event: KeyboardEvent): void {
    const [right, down] = steps[event.key] ?? []
    if (right === undefined || down === undefined) return
    event.preventDefault()
    point({ x: clamp(own.current.x + right), y: clamp(own.current.y + down) })
  }

  return (
    <div style={column}>
      <People people={isLive ? people : []} you={you} />
      <div
        style={area}
        role="group"
        aria-label="Point with the mouse or with the arrow keys"
        tabIndex={0}
        onPointerMove={({ currentTarget, clientX, clientY }) => {
          const { left, top, width, height } = currentTarget.getBoundingClientRect()
          point({ x: clamp((clientX - left) / width), y: clamp((clientY - top) / height) })
        }}
        onPointerLeave={() => point(null)}
        onBlur={() => point(null)}
        onKeyDown={pointByKey}
      >
        {children}
        {isLive &&
          people.map((person) => person.id !== you && <Arrow key={person.id} person={person} />)}
      </div>
    </div>
  )
}

interface Gathering {
  readonly you: number | null
  readonly people: readonly Person[]
}

const nobody: Gathering = { you: null, people: [] }

/** A welcome says who is here now: whoever left while the link was lost is not among them. */
function arrange(before: Gathering, event: CursorsFromServer): Gathering {
  switch (event.type) {
    case 'welcome':
      return { you: event.you, people: event.people }
    case 'person': {
      const { person } = event
      const isKnown = before.people.some(({ id }) => id === person.id)
      const people = isKnown
        ? before.people.map((other) => (other.id === person.id ? person : other))
        : [...before.people, person]
      return { ...before, people }
    }
    case 'left':
      return { ...before, people: before.people.filter(({ id }) => id !== event.id) }
  }
}

function People({
  people,
  you,
}: {
  readonly people: readonly Person[]
  readonly you: number | null
}) {
  return (
    <ul style={row} aria-label="Who is here">
      {people.map(({ id, name }) => (
        <li key={id} style={{ ...label, background: colorOf(id) }}>
          {name}
          {id === you && ' (you)'}
        </li>
      ))}
    </ul>
  )
}

function Arrow({ person: { id, name, cursor } }: { readonly person: Person }) {
  if (!cursor) return null
  const color = colorOf(id)
  return (
    <div
      style={{ ...pointer, left: `${cursor.x * 100}%`, top: `${cursor.y * 100}%` }}
      aria-hidden="true"
      data-cursor-of={name}
    >
      <svg width="16" height="20" viewBox="0 0 16 20">
        <path d="M1 1v15l4-4 3 7 3-1-3-7h6z" fill={color} stroke="white" />
      </svg>
      <span style={{ ...label, background: color }}>{name}</span>
    </div>
  )
}

const colors = ['#3a44cf', '#0b7346', '#b81f35', '#8f5300', '#8a2a9b', '#00639b']

/** White is easy to read on each of them. */
function colorOf(id: number): string | undefined {
  return colors[id % colors.length]
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}

const steps: Record<string, readonly [right: number, down: number]> = {
  ArrowLeft: [-0.04, 0],
  ArrowRight: [0.04, 0],
  ArrowUp: [0, -0.04],
  ArrowDown: [0, 0.04],
}

const column: CSSProperties = { display: 'flex', flexDirection: 'column', gap: 8, minWidth: 0 }

/** As high as a row of names, so that nothing moves when the last one leaves. */
const row: CSSProperties = {
  display: 'flex',
  flexWrap: 'wrap',
  gap: 6,
  minHeight: 24,
  margin: 0,
  padding: 0,
  listStyle: 'none',
}

const label: CSSProperties = {
  padding: '0 10px',
  borderRadius: 999,
  color: 'white',
  fontSize: 13,
  lineHeight: '22px',
  whiteSpace: 'nowrap',
}

const area: CSSProperties = {
  position: 'relative',
  height: 220,
  overflow: 'hidden',
  border: '1px solid color-mix(in srgb, currentColor 20%, transparent)',
  borderRadius: 12,
  // A finger points, too, and may still scroll the page.
  touchAction: 'pan-y',
}

const pointer: CSSProperties = {
  position: 'absolute',
  display: 'flex',
  alignItems: 'flex-end',
  pointerEvents: 'none',
}
