/**
 * A list that several people change. A change shows at once; if the server refuses it, it is taken
 * back, with the reason:
 *
 *     const todos = createConnection<TodosFromServer>('/todos')
 *     <SharedTodos connection={todos} />
 *
 * The server tells each new link all `todos`, and everybody what has become of them. It answers the
 * requests `put` and `remove` with `{ id }` or `{ id, error: 'why not' }`, after it has told everybody.
 * Both may come twice and do no harm.
 */
'use client'

import { useState, type CSSProperties } from 'react'
import { isWirehookError, useMessageReducer, type Connection } from 'wirehook'

export interface Todo {
  /** Chosen by whoever added it. */
  readonly key: string
  readonly text: string
  readonly isDone: boolean
}

export type TodosFromServer =
  { readonly type: 'todos'; readonly todos: readonly Todo[] } | TodoChange

export type TodoChange =
  | { readonly type: 'todo'; readonly todo: Todo }
  | { readonly type: 'removed'; readonly key: string }

/** What `request` is given. */
export type TodoRequest =
  { readonly type: 'put'; readonly todo: Todo } | { readonly type: 'remove'; readonly key: string }

export function SharedTodos({ connection }: { readonly connection: Connection<TodosFromServer> }) {
  // In sync, so that what the server tells shows before what it answers.
  const told = useMessageReducer(apply, noTodos, { source: connection, schedule: 'sync' })
  const { changes, refusal, request } = useChanges(connection)
  const todos = changes.reduce(apply, told)
  const isChanging = (key: string) => changes.some((change) => keyOf(change) === key)

  return (
    <div style={column}>
      <ul style={list}>
        {todos.map((todo) => (
          <Item
            key={todo.key}
            todo={todo}
            isChanging={isChanging(todo.key)}
            onToggle={() => request({ type: 'put', todo: { ...todo, isDone: !todo.isDone } })}
            onRemove={() => request({ type: 'remove', key: todo.key })}
          />
        ))}
      </ul>
      <p style={note} role="alert">
        {refusal}
      </p>
      <NewTodo
        onAdd={(text) =>
          request({ type: 'put', todo: { key: crypto.randomUUID(), text, isDone: false } })
        }
      />
    </div>
  )
}

const noTodos: readonly Todo[] = []

function apply(todos: readonly Todo[], event: TodosFromServer): readonly Todo[] {
  switch (event.type) {
    case 'todos':
      return event.todos
    case 'removed':
      return todos.filter(({ key }) => key !== event.key)
    case 'todo': {
      const { todo } = event
      const isKnown = todos.some(({ key }) => key === todo.key)
      return isKnown
        ? todos.map((other) => (other.key === todo.key ? todo : other))
        : [...todos, todo]
    }
  }
}

/** Changes the server has not answered yet. They lie on top of what it told: taking one away undoes it. */
function useChanges(connection: Connection<TodosFromServer>) {
  const [changes, setChanges] = useState<readonly TodoChange[]>([])
  const [refusal, setRefusal] = useState('')

  async function perform(asked: TodoRequest): Promise<void> {
    const change = resultOf(asked)
    setRefusal('')
    setChanges((all) => [...all, change])
    try {
      await connection.request(asked, { idempotent: true })
    } catch (error) {
      setRefusal(explain(error))
    }
    setChanges((all) => all.filter((other) => other !== change))
  }

  return { changes, refusal, request: (asked: TodoRequest) => void perform(asked) }
}

/** What the server will tell if it agrees. */
function resultOf(asked: TodoRequest): TodoChange {
  return asked.type === 'put'
    ? { type: 'todo', todo: asked.todo }
    : { type: 'removed', key: asked.key }
}

function keyOf(change: TodoChange): string {
  return change.type === 'todo' ? change.todo.key : change.key
}

function explain(error: unknown): string {
  const code = isWirehookError(error) ? error.code : undefined
  const cause = isWirehookError(error) ? error.cause : undefined
  if (code === 'request-failed' && typeof cause === 'string') return `Taken back: ${cause}`
  if (code === 'request-timeout') return 'Taken back: the server did not answer.'
  return 'Taken back: that did not work.'
}

function Item({
  todo: { text, isDone },
  isChanging,
  onToggle,
  onRemove,
}: {
  readonly todo: Todo
  readonly isChanging: boolean
  readonly onToggle: () => void
  readonly onRemove: () => void
}) {
  return (
    <li style={item}>
      <label style={{ ...row, flex: 1 }}>
        <input type="checkbox" style={box} checked={isDone} onChange={onToggle} />
        <span style={{ textDecoration: isDone ? 'line-through' : 'none' }}>{text}</span>
      </label>
      {isChanging && <span style={quiet}>saving …</span>}
      <button type="button" aria-label={`Remove ${text}`} onClick={onRemove}>
        ✕
      </button>
    </li>
  )
}

function NewTodo({ onAdd }: { readonly onAdd: (text: string) => void }) {
  const [text, setText] = useState('')
  return (
    <form
      style={row}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onAdd(text.trim())
        setText('')
      }}
    >
      <input
        style={{ flex: 1, minWidth: 0 }}
        aria-label="New todo"
        placeholder="What is to be done?"
        value={text}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit">Add</button>
    </form>
  )
}

const column: CSSProperties = { display: 'flex', flexDirection: 'column', gap: 8, minWidth: 0 }

const row: CSSProperties = { display: 'flex', alignItems: 'center', gap: 10, minWidth: 0 }

const list: CSSProperties = { margin: 0, padding: 0, listStyle: 'none' }

const item: CSSProperties = {
  ...row,
  minHeight: 48,
  borderBlockEnd: '1px solid color-mix(in srgb, currentColor 15%, transparent)',
  overflowWrap: 'anywhere',
}

const box: CSSProperties = { flex: 'none', width: 20, height: 20, margin: 0 }

const quiet: CSSProperties = { fontSize: 13, opacity: 0.75, whiteSpace: 'nowrap' }

/** As high as a line, so that nothing moves when there is something to say. */
const note: CSSProperties = {
  minHeight: '1.5em',
  margin: 0,
  color: 'light-dark(#b81f35, #ff8c98)',
}
