import type { Client, Service } from './client.js'

/** How many sockets are in a room, and how many there have ever been. */
export interface Census {
  readonly type: 'sockets'
  readonly open: number
  readonly opened: number
}

/**
 * Counts the sockets in its room. A client with `?watch=1` is not counted, and is told each change.
 * The others are told which one they are: `{ type: 'welcome', number: 2 }`.
 */
export function createCensusService(): Service {
  const members = new Set<Client>()
  const watchers = new Set<Client>()
  let opened = 0

  function tellWatchers(): void {
    const census: Census = { type: 'sockets', open: members.size, opened }
    for (const watcher of watchers) watcher.tell(census)
  }

  return {
    onJoin(client) {
      if (client.params.has('watch')) watchers.add(client)
      else {
        members.add(client)
        opened += 1
        client.tell({ type: 'welcome', number: opened })
      }
      tellWatchers()
    },
    onMessage: (client) => client.close(1008, 'Nobody asks here'),
    onLeave(client) {
      watchers.delete(client)
      if (members.delete(client)) tellWatchers()
    },
  }
}
