import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { eventually } from '../rig/waiting'

/** A program that a test has started. It ends with the running test. */
export interface Program {
  /** What it has printed so far. */
  readonly output: () => string
  /** Asks it to end, and resolves to its exit code; `null` if the signal has ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** What it prints when it can be used. */
  readonly readySign: RegExp
}

/** Starts a program, and waits until it says that it can be used. */
export async function startProgram(
  [command, ...parameters]: readonly [string, ...string[]],
  { environment = {}, readySign }: ProgramOptions,
): Promise<Program> {
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const hasExited = () => child.exitCode !== null || child.signalCode !== null

  // A worker that is taken down in the middle of a test leaves nothing running either.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  onTestFinished(async () => {
    process.off('exit', kill)
    kill()
    await exited
  })

  await eventually(() => readySign.test(output) || hasExited(), `${command} is ready`, 10_000)
  if (hasExited()) throw new Error(`${command} has ended: ${output}`)
  return {
    output: () => output,
    end(signal = 'SIGTERM') {
      child.kill(signal)
      return exited
    },
  }
}
