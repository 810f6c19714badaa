import { join } from 'node:path'
import { startProgram, type Program } from './program'

/** A running server of the examples. */
export interface ChatServer {
  readonly port: number
  /** The address of a room. */
  roomUrl(room?: string): string
  readonly program: Program
}

export type ServerSettings = Readonly<Record<string, string | number>>

export const origin = 'https://app.example'
export const tokenSecret = 'only for tests'

const examples = join(import.meta.dirname, '../../examples')

export function startNodeServer(settings?: ServerSettings): Promise<ChatServer> {
  return startChatServer([process.execPath, join(examples, 'node-server/server.mjs')], settings)
}

export function startPythonServer(python: string, settings?: ServerSettings): Promise<ChatServer> {
  return startChatServer([python, join(examples, 'python-server/server.py')], settings)
}

async function startChatServer(
  command: readonly [string, ...string[]],
  settings: ServerSettings = {},
): Promise<ChatServer> {
  const given = { PORT: 0, ORIGINS: origin, TOKEN_SECRET: tokenSecret, ...settings }
  const program = await startProgram(command, {
    environment: Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, String(value)]),
    ),
    readySign: /Listening on/,
  })
  const port = Number(/Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(program.output())?.[1])
  return { port, program, roomUrl: (room = 'lobby') => `ws://127.0.0.1:${port}/chat/${room}` }
}
