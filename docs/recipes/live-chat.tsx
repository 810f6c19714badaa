/**
 * A chat with rooms. It shows who is typing, what is on its way and what did not arrive; after a lost
 * link it catches up and shows every message once:
 *
 *     const chat = createConnection<ChatFromServer, ChatToServer>('/chat')
 *     <LiveChat connection={chat} rooms={['General', 'Random']} author="Ada" />
 *
 * The server answers `join` with the `history` of the room, tells everybody in it each `message` and
 * who is `typing`, and answers a request `say` with `{ id }` or `{ id, error: 'why not' }`. It takes a
 * message whose `message.id` it has seen already only once. A real one knows the author by the session.
 */
'use client'

import { useEffect, useRef, useState, type CSSProperties } from 'react'
import {
  isWirehookError,
  useMessage,
  useMessageReducer,
  useWebSocket,
  type Connection,
} from 'wirehook'

export interface ChatDraft {
  /** Chosen by the sender, so that a message sent twice can be told from one said twice. */
  readonly id: string
  readonly room: string
  readonly author: string
  readonly text: string
}

export interface ChatMessage extends ChatDraft {
  /** When the server took it, in milliseconds since 1970. */
  readonly at: number
}

export type ChatFromServer =
  | { readonly type: 'history'; readonly room: string; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'message'; readonly message: ChatMessage }
  | { readonly type: 'typing'; readonly room: string; readonly author: string }

export type ChatToServer =
  | { readonly type: 'join'; readonly room: string }
  | { readonly type: 'typing'; readonly room: string; readonly author: string }

export type ChatConnection = Connection<ChatFromServer, ChatToServer>

const maxMessages = 500
const tellTypingEveryMs = 2000
const showTypingForMs = 3000

export function LiveChat({
  connection,
  rooms,
  author,
}: {
  readonly connection: ChatConnection
  readonly rooms: readonly string[]
  readonly author: string
}) {
  const [room, setRoom] = useState(rooms[0] ?? '')
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const messages = useMessageReducer(collect, noMessages, { source: connection })
  const { outbox, say } = useOutbox(connection, messages)
  const typists = useTypists(connection, room, author)
  useRooms(connection, rooms)

  const inRoom = (name: string) => messages.filter((message) => message.room === name)

  function countUnread(name: string): number {
    if (name === room) return 0
    return inRoom(name).filter(({ id, author: by }) => by !== author && !seen.has(id)).length
  }

  function open(name: string): void {
    const known = messages.filter(({ id, room: from }) => from === room || seen.has(id))
    setSeen(new Set(known.map(({ id }) => id)))
    setRoom(name)
  }

  return (
    <div style={column} role="group" aria-label={`Chat of ${author}`}>
      <div style={row} role="group" aria-label="Rooms">
        {rooms.map((name) => (
          <RoomButton
            key={name}
            name={name}
            unread={countUnread(name)}
            isCurrent={name === room}
            onOpen={() => open(name)}
          />
        ))}
      </div>
      <Messages
        room={room}
        author={author}
        messages={inRoom(room)}
        outbox={outbox.filter((waiting) => waiting.room === room)}
        onSayAgain={say}
      />
      <p style={typing} aria-live="polite">
        {typists.length > 0 &&
          `${typists.join(' and ')} ${typists.length > 1 ? 'are' : 'is'} typing …`}
      </p>
      <Composer
        key={room}
        label={`Message to ${room} as ${author}`}
        onSay={(text) => say({ id: crypto.randomUUID(), room, author, text })}
        onTyping={() =>
          connection.sendJSON({ type: 'typing', room, author }, { whenClosed: 'drop' })
        }
      />
    </div>
  )
}

/** Joins on every new link; each time the server tells the history, with what was missed in it. */
function useRooms(connection: ChatConnection, rooms: readonly string[]): void {
  const { status, sendJSON } = useWebSocket(connection)
  // As text, for it stays the same if the list is made anew on every render.
  const names = JSON.stringify(rooms)
  useEffect(() => {
    if (status !== 'open') return
    for (const room of JSON.parse(names) as string[]) {
      sendJSON({ type: 'join', room }, { whenClosed: 'drop' })
    }
  }, [status, sendJSON, names])
}

const noMessages: readonly ChatMessage[] = []

/** What is in a history and is known already is not added again. */
function collect(known: readonly ChatMessage[], event: ChatFromServer): readonly ChatMessage[] {
  if (event.type === 'typing') return known
  const ids = new Set(known.map(({ id }) => id))
  const told = event.type === 'history' ? event.messages : [event.message]
  const added = told.filter(({ id }) => !ids.has(id))
  if (added.length === 0) return known
  return [...known, ...added].toSorted((one, other) => one.at - other.at).slice(-maxMessages)
}

interface WaitingMessage extends ChatDraft {
  /** Why it was not sent, or `null` while it may still be. */
  readonly failure: string | null
}

/** What was said here and is not among the messages of the server yet. */
function useOutbox(connection: ChatConnection, messages: readonly ChatMessage[]) {
  const [said, setSaid] = useState<readonly WaitingMessage[]>([])
  const delivered = new Set(messages.map(({ id }) => id))

  function say({ id, room, author, text }: ChatDraft): void {
    const message = { id, room, author, text }
    setSaid((all) => [
      ...all.filter((other) => other.id !== id && !delivered.has(other.id)),
      { ...message, failure: null },
    ])
    // If the link is lost it is sent once more; the server knows it by its id.
    connection.request({ type: 'say', message }, { idempotent: true }).catch((error: unknown) => {
      const failure = explain(error)
      setSaid((all) => all.map((other) => (other.id === id ? { ...other, failure } : other)))
    })
  }

  return { outbox: said.filter(({ id }) => !delivered.has(id)), say }
}

function explain(error: unknown): string {
  const isRefused = isWirehookError(error) && error.code === 'request-failed'
  return isRefused && typeof error.cause === 'string' ? error.cause : 'Not sent.'
}

/** The others who are typing in a room. */
function useTypists(connection: ChatConnection, room: string, author: string): readonly string[] {
  const [typists, setTypists] = useState<readonly Typist[]>([])

  useMessage(
    (event) => {
      if (event.type === 'typing') {
        const typist = {
          room: event.room,
          author: event.author,
          until: Date.now() + showTypingForMs,
        }
        setTypists((all) => [...all.filter((other) => !isSame(other, typist)), typist])
      } else if (event.type === 'message') {
        setTypists((all) => all.filter((typist) => !isSame(typist, event.message)))
      }
    },
    { source: connection },
  )

  // The first of them is the one who has been silent for the longest time.
  useEffect(() => {
    const [first] = typists
    if (!first) return
    const timer = setTimeout(() => setTypists((all) => all.slice(1)), first.until - Date.now())
    return () => clearTimeout(timer)
  }, [typists])

  return typists
    .filter((typist) => typist.room === room && typist.author !== author)
    .map((typist) => typist.author)
}

interface Typist {
  readonly room: string
  readonly author: string
  readonly until: number
}

type Place = Pick<ChatDraft, 'room' | 'author'>

function isSame(one: Place, other: Place): boolean {
  return one.room === other.room && one.author === other.author
}

function RoomButton({
  name,
  unread,
  isCurrent,
  onOpen,
}: {
  readonly name: string
  readonly unread: number
  readonly isCurrent: boolean
  readonly onOpen: () => void
}) {
  return (
    <button
      type="button"
      style={isCurrent ? { fontWeight: 600, borderColor: accent } : undefined}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={onOpen}
    >
      {name} {unread > 0 && <span style={badge}>{unread} new</span>}
    </button>
  )
}

function Messages({
  room,
  author,
  messages,
  outbox,
  onSayAgain,
}: {
  readonly room: string
  readonly author: string
  readonly messages: readonly ChatMessage[]
  readonly outbox: readonly WaitingMessage[]
  readonly onSayAgain: (message: ChatDraft) => void
}) {
  return (
    <div style={log} role="log" aria-label={`Messages in ${room}`} tabIndex={0}>
      <ol style={list}>
        {messages.map((message) => (
          <li key={message.id} style={message.author === author ? ownLine : line}>
            {message.author !== author && <strong style={small}>{message.author}</strong>}
            <p style={message.author === author ? ownBubble : bubble}>{message.text}</p>
            <span style={small}>{timeOf(message.at)}</span>
          </li>
        ))}
        {outbox.map((message) => (
          <li key={message.id} style={ownLine}>
            <Waiting message={message} onSayAgain={() => onSayAgain(message)} />
          </li>
        ))}
      </ol>
      {messages.length + outbox.length === 0 && <p style={small}>Nobody has said anything yet.</p>}
    </div>
  )
}

function Waiting({
  message: { text, failure },
  onSayAgain,
}: {
  readonly message: WaitingMessage
  readonly onSayAgain: () => void
}) {
  if (failure === null) {
    return (
      <>
        <p style={waitingBubble}>{text}</p>
        <span style={small}>On its way …</span>
      </>
    )
  }
  return (
    <>
      <p style={{ ...waitingBubble, color: failed }}>{text}</p>
      <span style={{ fontSize: 12, color: failed }}>{failure}</span>
      <button type="button" onClick={onSayAgain}>
        Send again
      </button>
    </>
  )
}

function Composer({
  label,
  onSay,
  onTyping,
}: {
  readonly label: string
  readonly onSay: (text: string) => void
  readonly onTyping: () => void
}) {
  const [text, setText] = useState('')
  const toldAt = useRef(0)

  function type(value: string): void {
    setText(value)
    if (value === '' || Date.now() - toldAt.current < tellTypingEveryMs) return
    toldAt.current = Date.now()
    onTyping()
  }

  return (
    <form
      style={row}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSay(text.trim())
        setText('')
        toldAt.current = 0
      }}
    >
      <input
        style={field}
        aria-label={label}
        placeholder="Write a message"
        value={text}
        maxLength={500}
        autoComplete="off"
        enterKeyHint="send"
        onChange={({ target }) => type(target.value)}
      />
      <button type="submit">Send</button>
    </form>
  )
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

const accent = 'light-dark(#3a44cf, #9aa5ff)'
const failed = 'light-dark(#b81f35, #ff8c98)'
const onAccent = 'light-dark(#ffffff, #0f1220)'
const faint = 'color-mix(in srgb, currentColor 10%, transparent)'

const column: CSSProperties = { display: 'flex', flexDirection: 'column', gap: 8, minWidth: 0 }

const row: CSSProperties = { display: 'flex', flexWrap: 'wrap', gap: 8 }

/** Reversed, so that it starts at its end and stays there when there is more. */
const log: CSSProperties = {
  display: 'flex',
  flexDirection: 'column-reverse',
  height: 260,
  overflowY: 'auto',
}

const list: CSSProperties = {
  display: 'flex',
  flexDirection: 'column',
  gap: 8,
  margin: 0,
  padding: 2,
  listStyle: 'none',
}

const line: CSSProperties = {
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'flex-start',
  gap: 2,
}

const ownLine: CSSProperties = { ...line, alignItems: 'flex-end' }

const bubble: CSSProperties = {
  maxWidth: '85%',
  margin: 0,
  padding: '6px 12px',
  border: '1px solid transparent',
  borderRadius: 14,
  background: faint,
  overflowWrap: 'anywhere',
}

const ownBubble: CSSProperties = { ...bubble, background: accent, color: onAccent }

const waitingBubble: CSSProperties = {
  ...bubble,
  border: '1px dashed currentColor',
  background: 'none',
  color: accent,
}

const badge: CSSProperties = {
  marginInlineStart: 4,
  padding: '1px 8px',
  borderRadius: 999,
  background: accent,
  color: onAccent,
  fontSize: 12,
}

const small: CSSProperties = { fontSize: 12, opacity: 0.75 }

/** As high as a line, so that nothing moves when somebody types. */
const typing: CSSProperties = { ...small, minHeight: '1.5em', margin: 0 }

const field: CSSProperties = { flex: 1, minWidth: 0 }
