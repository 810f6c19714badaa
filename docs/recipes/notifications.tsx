/**
 * A bell with the number of unread notices, and the notices behind it. What is read in one place is
 * read in all of them:
 *
 *     const inbox = createConnection<NoticesFromServer, NoticesToServer>('/notices')
 *     <Notifications connection={inbox} />
 *
 * The server tells each new link the `inbox`, newest first, and then each `notice`; it passes on to
 * all links of a user what one of them has `read`.
 */
'use client'

import { useId, useRef, useState, type CSSProperties } from 'react'
import { useMessage, useMessageReducer, type Connection } from 'wirehook'

export interface Notice {
  readonly key: string
  readonly text: string
  /** When it was published, in milliseconds since 1970. */
  readonly at: number
  readonly isRead: boolean
}

export type NoticesFromServer =
  | { readonly type: 'inbox'; readonly notices: readonly Notice[] }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'read'; readonly keys: readonly string[] }

export interface NoticesToServer {
  readonly type: 'read'
  readonly keys: readonly string[]
}

const maxNotices = 50

export function Notifications({
  connection,
}: {
  readonly connection: Connection<NoticesFromServer, NoticesToServer>
}) {
  const [isOpen, setIsOpen] = useState(false)
  const [readHere, setReadHere] = useState<readonly string[]>([])
  const bell = useRef<HTMLButtonElement>(null)
  const panelId = useId()
  const told = useMessageReducer(file, noNotices, { source: connection })
  const notices = told.map((notice) =>
    readHere.includes(notice.key) ? { ...notice, isRead: true } : notice,
  )
  const unread = notices.filter(({ isRead }) => !isRead).map(({ key }) => key)

  /** Shown at once; the server hears of it now, or as soon as there is a link. */
  function markRead(keys: readonly string[]): void {
    setReadHere((all) => [...all, ...keys].slice(-maxNotices))
    connection.sendJSON({ type: 'read', keys })
  }

  function close(): void {
    setIsOpen(false)
    bell.current?.focus()
  }

  return (
    <div
      style={{ minWidth: 0 }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isOpen) close()
      }}
    >
      <button
        ref={bell}
        type="button"
        style={bellButton}
        aria-label={`Notifications, ${unread.length} unread`}
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Bell />
        {unread.length > 0 && (
          <span style={badge}>{unread.length > 99 ? '99+' : unread.length}</span>
        )}
      </button>
      <Announcer connection={connection} />
      <div id={panelId} style={panel} role="group" aria-label="Notifications" hidden={!isOpen}>
        <button type="button" disabled={unread.length === 0} onClick={() => markRead(unread)}>
          Mark all as read
        </button>
        {notices.length === 0 && <p style={quiet}>Nothing has happened yet.</p>}
        <ul style={list}>
          {notices.map((notice) => (
            <Entry key={notice.key} notice={notice} onRead={() => markRead([notice.key])} />
          ))}
        </ul>
      </div>
    </div>
  )
}

const noNotices: readonly Notice[] = []

function file(notices: readonly Notice[], event: NoticesFromServer): readonly Notice[] {
  switch (event.type) {
    case 'inbox':
      return event.notices
    case 'notice':
      return [event.notice, ...notices].slice(0, maxNotices)
    case 'read':
      return notices.map((notice) =>
        event.keys.includes(notice.key) ? { ...notice, isRead: true } : notice,
      )
  }
}

/** Lets a screen reader say what is new; what is in the inbox already is not news. */
function Announcer({ connection }: { readonly connection: Connection<NoticesFromServer> }) {
  const [news, setNews] = useState('')
  useMessage(({ notice }) => setNews(notice.text), { source: connection, type: 'notice' })
  return (
    <p role="status" style={unseen}>
      {news}
    </p>
  )
}

function Entry({ notice, onRead }: { readonly notice: Notice; readonly onRead: () => void }) {
  return (
    <li style={entry}>
      <span style={{ ...dot, background: notice.isRead ? 'transparent' : accent }} />
      <span style={{ flex: 1, fontWeight: notice.isRead ? 400 : 600 }}>{notice.text}</span>
      {notice.isRead ? (
        <span style={quiet}>{timeOf(notice.at)}</span>
      ) : (
        <button type="button" aria-label={`Mark as read: ${notice.text}`} onClick={onRead}>
          Read
        </button>
      )}
    </li>
  )
}

function Bell() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" aria-hidden>
      <path d="M4 14c1.5-1.5 1.5-3 1.5-5a4.5 4.5 0 0 1 9 0c0 2 0 3.5 1.5 5z" strokeWidth="1.5" />
      <path d="M8.5 16.5a1.5 1.5 0 0 0 3 0" strokeWidth="1.5" />
    </svg>
  )
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

const accent = 'light-dark(#3a44cf, #9aa5ff)'

const bellButton: CSSProperties = {
  position: 'relative',
  display: 'inline-flex',
  alignItems: 'center',
}

const badge: CSSProperties = {
  position: 'absolute',
  insetBlockStart: -8,
  insetInlineEnd: -8,
  minWidth: 20,
  padding: '0 5px',
  borderRadius: 999,
  background: 'light-dark(#b81f35, #ff8c98)',
  color: 'light-dark(#ffffff, #0f1220)',
  fontSize: 12,
  lineHeight: '20px',
}

const panel: CSSProperties = {
  marginBlockStart: 12,
  padding: 12,
  border: '1px solid color-mix(in srgb, currentColor 20%, transparent)',
  borderRadius: 12,
}

const list: CSSProperties = {
  maxHeight: 240,
  margin: '8px 0 0',
  padding: 0,
  listStyle: 'none',
  overflowY: 'auto',
}

const entry: CSSProperties = {
  display: 'flex',
  alignItems: 'center',
  gap: 10,
  minHeight: 44,
  padding: '4px 2px',
  borderBlockStart: '1px solid color-mix(in srgb, currentColor 15%, transparent)',
}

const dot: CSSProperties = { flex: 'none', width: 8, height: 8, borderRadius: '50%' }

const quiet: CSSProperties = { margin: '8px 0', fontSize: 13, opacity: 0.75 }

const unseen: CSSProperties = {
  position: 'absolute',
  width: 1,
  height: 1,
  margin: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
}
