import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { eventually } from '../rig/waiting'

/** A WebSocket server to which no packet gets through. */
export interface UnreachableServer {
  /** WebSocket address, without a path. */
  readonly url: string
  /** Lets packets through. */
  letThrough(): void
}

const host = '127.0.0.1'

/** More than the two that Linux puts into a queue of the length 1. */
const fillers = 8

const program = `
  import { WebSocketServer } from 'ws'
  const server = new WebSocketServer({ host: '${host}', port: 0, backlog: 1 })
  server.on('listening', () => console.log(server.address().port))
`

/**
 * Starts a server in a process of its own and stops that process. Once the queue of what it has not
 * accepted is full, the system answers no SYN any more, as if packets vanished on the way. It ends
 * with the running test.
 */
export async function startUnreachableServer(): Promise<UnreachableServer> {
  const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  const kill = (): void => void server.kill('SIGKILL')
  const waiting: Socket[] = []
  process.once('exit', kill)
  onTestFinished(async () => {
    waiting.forEach((socket) => socket.destroy())
    kill()
    await exited
    process.off('exit', kill)
  })
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  server.kill('SIGSTOP')
  for (let n = 0; n < fillers; n += 1) {
    waiting.push(connect(port, host).on('error', () => {}))
  }
  await eventually(
    () => waiting.filter((socket) => !socket.connecting).length >= 2,
    'the queue is full',
  )
  return { url: `ws://${host}:${port}`, letThrough: () => void server.kill('SIGCONT') }
}
