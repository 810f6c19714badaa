import { setTimeout as sleep } from 'node:timers/promises'

const slices = 20

/**
 * Lets all clients go, a few at a time: those that come back at the same moment would all ask the
 * other nodes at once. 1012 tells them that this is a restart. Who does not say goodbye is dropped.
 *
 * @param {import('ws').WebSocketServer} sockets
 * @param {import('./settings.mjs').Settings} settings
 */
export async function drain(sockets, { drainMs, closeTimeoutMs }) {
  const clients = [...sockets.clients]
  for (let slice = 0; slice < Math.min(slices, clients.length); slice += 1) {
    const leaving = clients.filter((_, index) => index % slices === slice)
    leaving.forEach((socket) => socket.close(1012, 'Restarting'))
    await sleep(drainMs / slices)
  }
  await allGone(sockets, closeTimeoutMs)
}

/**
 * @param {import('ws').WebSocketServer} sockets
 * @param {number} timeoutMs
 */
async function allGone(sockets, timeoutMs) {
  await Promise.race([
    new Promise((resolve) => sockets.close(resolve)),
    sleep(timeoutMs, null, { ref: false }),
  ])
  sockets.clients.forEach((socket) => socket.terminate())
}
