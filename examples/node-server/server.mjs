import { createServer } from 'node:http'
import { serveClient } from './client.mjs'
import { drain } from './drain.mjs'
import { openGate } from './gate.mjs'
import { keepAlive } from './keep-alive.mjs'
import { createMemoryBus } from './memory-bus.mjs'
import { createRedisBus } from './redis-bus.mjs'
import { createRooms } from './rooms.mjs'
import { readSettings } from './settings.mjs'

const settings = readSettings(process.env)
const bus = settings.redisUrl ? await createRedisBus(settings.redisUrl) : createMemoryBus()
const rooms = createRooms(bus)
// Answers whoever only wants to know whether this node is alive.
const http = createServer((_, response) => response.end('ok\n'))
const sockets = openGate(http, settings, (socket, room) =>
  serveClient(socket, room, rooms, settings),
)
const stopPings = keepAlive(sockets, settings.pingEveryMs)

http.listen(settings.port, settings.host, () => {
  const { address, port } = /** @type {import('node:net').AddressInfo} */ (http.address())
  console.log(`Listening on http://${address}:${port}`)
})

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void shutDown())

async function shutDown() {
  // From here on, new clients find nobody, and a proxy sends them to another node.
  http.close()
  await drain(sockets, settings)
  stopPings()
  http.closeAllConnections()
  bus.close()
}
