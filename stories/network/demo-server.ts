import type { ControlVerb, RoomReport } from '../server/room-report'
import { createRooms, prefix } from '../server/rooms'
import { services } from '../server/services'
import { openBrowserWire } from './browser-wire'
import { createInPageWire } from './in-page-wire'
import type { OpenWire } from './wire'

/** The server of the demos: a real one beside Storybook, or one inside of the page. */
export interface DemoServer {
  readonly openWire: OpenWire
  /** Does something to everybody in the room with this address. */
  control(path: string, verb: ControlVerb): Promise<RoomReport>
}

/** A Storybook that is only files has nothing else to talk to. */
export const demoServer: DemoServer = import.meta.env.PROD
  ? createServerInPage()
  : createServerBeside()

/** The address of a room that nobody else is in, so that nobody else feels what is done to it. */
export function createRoomUrl(service: string): string {
  const name = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  return `${prefix}/${service}/${name.join('')}`
}

function createServerBeside(): DemoServer {
  return {
    openWire: openBrowserWire,
    async control(path, verb) {
      const response = await fetch(`${path}/${verb}`, { method: 'POST' })
      if (!response.ok) throw new Error(`The demo server answered ${response.status} to "${verb}".`)
      return (await response.json()) as RoomReport
    },
  }
}

function createServerInPage(): DemoServer {
  const rooms = createRooms(services)
  return {
    openWire: createInPageWire(rooms),
    async control(path, verb) {
      const room = rooms.find(path)
      if (!room) throw new Error('Nobody has been in this room.')
      room[verb]()
      return Promise.resolve(room.report())
    },
  }
}
