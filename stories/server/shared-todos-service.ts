import type { Todo, TodosFromServer } from '../../docs/recipes/shared-todos.js'
import type { Audience, Client, Service, UnknownMessage } from './client.js'
import { readObject, readText } from './message-fields.js'

const maxTodos = 12
const maxAnswerMs = 5000

/** A list that everybody may change, but for what is locked. Takes `?answerMs=600` to think about it. */
export function createSharedTodosService(audience: Audience): Service {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let todos: readonly Todo[] = [
    { key: 'plants', text: 'Water the plants', isDone: false },
    { key: 'cake', text: 'Buy a cake', isDone: true },
    { key: 'party', text: 'Have the party on Friday (locked)', isDone: false },
  ]

  const tellAll = (event: TodosFromServer): void => audience.tellAll(event)

  /** @returns why it was refused, or `null` */
  function put(todo: Todo): string | null {
    const isKnown = todos.some(({ key }) => key === todo.key)
    if (todo.key === 'party') return 'The party is on Friday, whatever you do.'
    if (!isKnown && todos.length >= maxTodos) return `The list is full: ${maxTodos} are enough.`
    todos = isKnown
      ? todos.map((other) => (other.key === todo.key ? todo : other))
      : [...todos, todo]
    tellAll({ type: 'todo', todo })
    return null
  }

  /** @returns why it was refused, or `null` */
  function remove(key: string): string | null {
    if (key === 'party') return 'The party is on Friday, whatever you do.'
    todos = todos.filter((todo) => todo.key !== key)
    tellAll({ type: 'removed', key })
    return null
  }

  function perform(message: UnknownMessage): string | null {
    const todo = readTodo(message)
    const key = readText(message, 'key', 64)
    if (message.type === 'put' && todo) return put(todo)
    if (message.type === 'remove' && key) return remove(key)
    return 'The server does not know what to do with that.'
  }

  function answer(client: Client, message: UnknownMessage): void {
    client.tell({ id: message.id, error: perform(message) })
  }

  return {
    onJoin(client) {
      const list: TodosFromServer = { type: 'todos', todos }
      client.tell(list)
    },
    onMessage(client, message) {
      const answerMs = Math.min(Number(client.params.get('answerMs')) || 0, maxAnswerMs)
      const timer = setTimeout(() => {
        timers.delete(timer)
        answer(client, message)
      }, answerMs)
      timers.add(timer)
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  }
}

function readTodo(message: UnknownMessage): Todo | null {
  const todo = readObject(message, 'todo') ?? {}
  const key = readText(todo, 'key', 64)
  const text = readText(todo, 'text', 100)
  return key && text ? { key, text, isDone: todo.isDone === true } : null
}
