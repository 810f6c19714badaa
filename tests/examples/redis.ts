import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { findFreePort, startProgram, type Program } from './program'

export interface Redis {
  readonly url: string
  /** Ends it. What it knew is gone. */
  stop(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
}

/** Starts a Redis that keeps nothing on disk, and ends with the running test. */
export async function startRedis(executable: string): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'wirehook-redis-'))
  const port = await findFreePort()
  let program: Program

  async function start(): Promise<void> {
    const setup = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    program = await startProgram([executable, '--port', String(port), ...setup], {
      readySign: /Ready to accept connections/,
    })
  }

  await start()
  onTestFinished(() => rm(folder, { recursive: true }))
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    async stop() {
      await program.end()
    },
  }
}
