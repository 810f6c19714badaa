import { connect, createServer } from 'node:net'

/**
 * Where a relay listens or connects to: a port of 127.0.0.1, or the path of a Unix socket.
 *
 * @typedef {{ port: number, host: '127.0.0.1' } | { path: string }} End
 */

/**
 * Passes on every connection that comes in at one end to the other.
 *
 * @param {End} from
 * @param {End} to
 * @returns {Promise<import('node:net').Server>} once it listens
 */
export function startRelay(from, to) {
  const server = createServer((near) => {
    const far = connect(to)
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(from, () => resolve(server))
  })
}
