import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import { createToken } from '../../examples/node-server/tokens.mjs'
import type { AttemptContext, ConnectionOptions } from '../../src/core'
import { connectTo, reached, type RecordedConnection } from '../rig/live-rig'
import { eventually } from '../rig/waiting'
import { origin, tokenSecret } from './chat-server'

/** A token that the servers of these tests accept. */
export function tokenFor(user: string, lifeMs = 60_000, secret = tokenSecret): string {
  return createToken(secret, { user, expiresAt: Date.now() + lifeMs })
}

export interface ChatOptions extends ConnectionOptions {
  readonly user?: string
  /** Asked on every attempt. */
  readonly getToken?: (context: AttemptContext) => string
  /** What the browser would say about its page. */
  readonly origin?: string
}

/** Somebody who uses the server through wirehook, as the README of the example says. */
export function joinChat(url: string, chatOptions: ChatOptions = {}): RecordedConnection {
  const { user = 'ada', getToken = () => tokenFor(user), ...rest } = chatOptions
  const { origin: ownOrigin = origin, ...options } = rest
  return connectTo(url, {
    handshake: async ({ sendJSON, receive, ...context }) => {
      sendJSON({ type: 'auth', token: getToken(context) })
      await receive<{ type?: unknown }>((message) => message.type === 'auth-ok')
    },
    ...options,
    environment: {
      createSocket: (address, protocols) =>
        new WebSocket(address, protocols, { origin: ownOrigin }),
      ...options.environment,
    },
  })
}

interface Said {
  readonly type: 'message'
  readonly author: string
  readonly text: string
}

interface History {
  readonly type: 'history'
  readonly messages: readonly Said[]
}

function ofType<Message extends Said | History>(
  { messages }: RecordedConnection,
  type: Message['type'],
): Message[] {
  return (messages as Message[]).filter((message) => message.type === type)
}

/** The same, once it is in and has been told what was said before: from there on it hears everything. */
export async function joinedChat(url: string, options?: ChatOptions): Promise<RecordedConnection> {
  const chat = joinChat(url, options)
  await reached(chat, 'open')
  await eventually(() => ofType<History>(chat, 'history').length > 0, 'the history has come')
  return chat
}

/** What somebody was told live, each with its author. */
export function heard(chat: RecordedConnection): string[] {
  return ofType<Said>(chat, 'message').map(({ author, text }) => `${author}: ${text}`)
}

/** The texts of the newest history that somebody was told. */
export function remembered(chat: RecordedConnection): string[] {
  return (
    ofType<History>(chat, 'history')
      .at(-1)
      ?.messages.map(({ text }) => text) ?? []
  )
}

/** The texts that somebody was told in either way. */
export function knows(chat: RecordedConnection): string[] {
  return [...remembered(chat), ...ofType<Said>(chat, 'message').map(({ text }) => text)]
}

let idCount = 0

/** Something to say, with an id of its own. */
export function say(text: string) {
  idCount += 1
  return { type: 'say', id: `id-${idCount}`, text }
}

export function hears(chat: RecordedConnection, ...texts: string[]): Promise<void> {
  return eventually(() => isDeepStrictEqual(heard(chat), texts), `heard ${texts.join(', ')}`)
}

/** A client without manners. */
export interface RawClient {
  readonly socket: WebSocket
  readonly messages: readonly unknown[]
  /** Resolves when it has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  send(message: unknown): void
}

/** Connects without saying anything. */
export async function connectRaw(url: string, options: ClientOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, { origin, ...options })
  onTestFinished(() => socket.terminate())
  const messages: unknown[] = []
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
  socket.on('error', () => {})
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason as Buffer),
  }))
  await once(socket, 'open')
  return { socket, messages, closed, send: (message) => socket.send(JSON.stringify(message)) }
}

/** Connects and shows a token. */
export async function enterRaw(url: string, options?: ClientOptions): Promise<RawClient> {
  const client = await connectRaw(url, options)
  client.send({ type: 'auth', token: tokenFor('raw') })
  await eventually(() => client.messages.length >= 2, 'a raw client is in and knows the history')
  return client
}

/** The HTTP status that an upgrade is answered with instead of 101. */
export async function refusedStatus(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, options)
  socket.on('error', () => {})
  const [request, response] = (await once(socket, 'unexpected-response')) as [
    { destroy(): void },
    IncomingMessage,
  ]
  request.destroy()
  return response.statusCode ?? 0
}
