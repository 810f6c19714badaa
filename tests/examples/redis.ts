import { createClient } from '@redis/client'
import { findFreePort } from '../rig/free-port'
import { createTemporaryFolder } from '../rig/temporary-folder'
import { startProgram, type Program } from './program'

export interface Redis {
  readonly url: string
  /** How many connections listen to that channel. */
  countSubscribers(channel: string): Promise<number>
  /** Ends it. What it knew is gone. */
  stop(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
}

/** Starts a Redis that keeps nothing on disk, and ends with the running test. */
export async function startRedis(executable: string): Promise<Redis> {
  const folder = await createTemporaryFolder()
  const port = await findFreePort()
  let program: Program

  async function start(): Promise<void> {
    const setup = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    program = await startProgram([executable, '--port', String(port), ...setup], {
      readySign: /Ready to accept connections/,
    })
  }

  await start()
  const url = `redis://127.0.0.1:${port}`
  return {
    url,
    start,
    async countSubscribers(channel) {
      const client = await createClient({ url }).connect()
      const counts = await client.pubSubNumSub([channel])
      client.destroy()
      return counts[channel] ?? 0
    },
    async stop() {
      await program.end()
    },
  }
}
