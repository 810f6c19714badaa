import { connect } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * A TCP connection over a link that takes no more than that many bytes a second.
 *
 * The proxy cannot do this: between two programs on one machine, the system takes megabytes from the
 * sender before the sender gets to feel how slowly they are read.
 */
export function connectSlowly(url: string, bytesPerSecond: number): Duplex {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const slow = new Duplex({
    read: () => void socket.resume(),
    write(bytes: Buffer, _encoding, done) {
      socket.write(bytes)
      setTimeout(done, (bytes.length / bytesPerSecond) * 1000)
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (bytes: Buffer) => {
    if (!slow.push(bytes)) socket.pause()
  })
  socket.on('end', () => slow.push(null))
  socket.on('error', (error) => slow.destroy(error))
  return slow
}
