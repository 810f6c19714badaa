import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** An executable and its parameters. */
export type Command = readonly [string, ...string[]]

/** A program that ends with this process, however that ends. */
export interface TiedProcess {
  /** What it writes to file descriptor 3. */
  readonly output: Readable
  end(): Promise<void>
}

/** Waits for the end of its input, which also comes when the process that holds it is killed. */
const watcher = `"$@" </dev/null & cat >/dev/null; kill $!; wait $!`

export function startTiedProcess(
  command: Command,
  environment: NodeJS.ProcessEnv = {},
): TiedProcess {
  const stdio: StdioOptions = ['pipe', 'ignore', 'ignore', 'pipe']
  const child = spawn('sh', ['-c', watcher, 'sh', ...command], {
    stdio,
    // What ends this process by a signal to its group must not end the watcher before its work.
    detached: true,
    env: { ...process.env, ...environment },
  })
  const exited = once(child, 'exit')
  return {
    output: child.stdio[3] as Readable,
    async end() {
      child.stdin?.end()
      await exited
    },
  }
}
