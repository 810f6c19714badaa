import type { Cursor, CursorsFromServer, Person } from '../../docs/recipes/live-cursors.js'
import type { Audience, Client, Service, UnknownMessage } from './client.js'
import { readNumber, readObject, readText } from './message-fields.js'

/** Who is here, and where they point. People are gone when their link is. */
export function createLiveCursorsService(audience: Audience): Service {
  const people = new Map<Client, Person>()
  let count = 0

  const tellAll = (event: CursorsFromServer): void => audience.tellAll(event)

  function enter(client: Client, name: string): void {
    const person = people.get(client) ?? { id: (count += 1), name, cursor: null }
    people.set(client, person)
    const welcome: CursorsFromServer = {
      type: 'welcome',
      you: person.id,
      people: [...people.values()],
    }
    client.tell(welcome)
    tellAll({ type: 'person', person })
  }

  function point(client: Client, cursor: Cursor | null): void {
    const person = people.get(client)
    if (!person) return
    const moved = { ...person, cursor }
    people.set(client, moved)
    tellAll({ type: 'person', person: moved })
  }

  return {
    onLeave(client) {
      const person = people.get(client)
      people.delete(client)
      if (person) tellAll({ type: 'left', id: person.id })
    },
    onMessage(client, message) {
      const name = readText(message, 'name', 40)
      if (message.type === 'hello' && name) enter(client, name)
      else if (message.type === 'cursor') point(client, readCursor(message))
      else client.close(1008, 'Not a message about a cursor')
    },
  }
}

function readCursor(message: UnknownMessage): Cursor | null {
  const cursor = readObject(message, 'cursor')
  const x = cursor && readNumber(cursor, 'x')
  const y = cursor && readNumber(cursor, 'y')
  return x !== null && y !== null ? { x, y } : null
}
