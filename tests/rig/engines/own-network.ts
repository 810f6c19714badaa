import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRelay, type End } from './relay.mjs'
import type { Command } from './tied-process'

/**
 * A network with nothing but this machine's 127.0.0.1 in it, as programs inside see it: one that can
 * be taken offline without this machine going offline. Linux calls it a network namespace.
 */
export interface OwnNetwork {
  /** The command that starts a program inside. */
  inside(command: Command): Command
  /** What listens on that port outside can be reached on the same port inside. */
  bringIn(port: number): Promise<void>
  /** What listens, or will, on that port inside can be reached on the same port outside. */
  bringOut(port: number): Promise<void>
  setOnline(isOnline: boolean): Promise<void>
  close(): Promise<void>
}

const isRoot = process.getuid?.() === 0
const enter = isRoot ? ['--net'] : ['--user', '--preserve-credentials', '--net']
const [create, ...flags]: Command = isRoot
  ? ['unshare', '--net']
  : ['unshare', '--user', '--map-root-user', '--net']
const helperEnded = 'it takes root, or a system that gives user namespaces to everybody'
const helper = fileURLToPath(new URL('own-network-inside.mjs', import.meta.url))

/** Whether this user may have a network of its own on this system. */
export function canHaveOwnNetwork(): boolean {
  return spawnSync(create, [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0
}

/** Starts one that is online. */
export async function startOwnNetwork(): Promise<OwnNetwork> {
  const child = spawn(create, [...flags, process.execPath, helper], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await answerOf(child)
  const folder = await mkdtemp(join(tmpdir(), 'wirehook-network-'))
  const relays: Server[] = []

  const order = async (message: object): Promise<void> => {
    child.send(message)
    await answerOf(child)
  }
  // The two sides share no port, but the file system.
  const meetingPoint = (port: number): End => ({ path: join(folder, String(port)) })

  const network: OwnNetwork = {
    inside: (command) => ['nsenter', `--target=${child.pid}`, ...enter, ...command],
    async bringIn(port) {
      relays.push(await startRelay(meetingPoint(port), localPort(port)))
      await order({ relay: { from: localPort(port), to: meetingPoint(port) } })
    },
    async bringOut(port) {
      await order({ relay: { from: meetingPoint(port), to: localPort(port) } })
      relays.push(await startRelay(localPort(port), meetingPoint(port)))
    },
    setOnline: (isOnline) => order({ isOnline }),
    async close() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
      for (const relay of relays) relay.close()
      await rm(folder, { recursive: true })
    },
  }
  await network.setOnline(true)
  return network
}

function localPort(port: number): End {
  return { port, host: '127.0.0.1' }
}

/** Resolves once the helper has done what it was asked for. */
async function answerOf(child: ChildProcess): Promise<void> {
  const patience = new AbortController()
  const { signal } = patience
  const ended = once(child, 'exit', { signal }).then(() => [{ error: helperEnded }])
  const answered = once(child, 'message', { signal })
  const [{ error }] = (await Promise.race([answered, ended])) as [{ error?: string }]
  patience.abort()
  if (error !== undefined) throw new Error(`A network of its own: ${error}`)
}
