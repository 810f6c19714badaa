import type { CreateService } from './client.js'
import { createRoom, type Room } from './room.js'

/** Where the demos' rooms are, on whatever host: `<prefix>/<service>/<room>`. */
export const prefix = '/__wirehook'

const maxRooms = 200
const emptyRoomLifeMs = 5 * 60_000
const sweepEveryMs = 60_000

/** Rooms by their address, made when somebody comes and forgotten when nobody has been there for a while. */
export interface Rooms {
  /** The room that is there. */
  find(path: string): Room | undefined
  /** The same, made if it is not; `undefined` if the path names none, or there are too many. */
  open(path: string): Room | undefined
  close(): void
}

export function createRooms(services: Readonly<Record<string, CreateService>>): Rooms {
  const rooms = new Map<string, Room>()
  const sweepTimer = setInterval(removeEmptyRooms, sweepEveryMs)
  // In Node, a timer keeps the process alive.
  if (typeof sweepTimer === 'object') sweepTimer.unref()

  function removeEmptyRooms(): void {
    const oldest = Date.now() - emptyRoomLifeMs
    for (const [path, room] of rooms) {
      if ((room.emptySince() ?? Infinity) > oldest) continue
      room.close()
      rooms.delete(path)
    }
  }

  function open(path: string): Room | undefined {
    const known = rooms.get(path)
    const service = findService(path)
    if (known || !service || rooms.size >= maxRooms) return known
    const room = createRoom(service)
    rooms.set(path, room)
    return room
  }

  function findService(path: string): CreateService | undefined {
    const [, name] = /^\/\w+\/([\w-]+)\/[\w-]{1,64}$/.exec(path) ?? []
    return name !== undefined && Object.hasOwn(services, name) ? services[name] : undefined
  }

  return {
    find: (path) => rooms.get(path),
    open,
    close() {
      clearInterval(sweepTimer)
      for (const room of rooms.values()) room.close()
      rooms.clear()
    },
  }
}
