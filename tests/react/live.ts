import { act } from '@testing-library/react'
import type { Connection, MessageFilter, Undo } from 'wirehook'
import { frameMs, type FakeEnvironment, type FakeSocket } from '../fake-environment'

/** What the servers of these tests send. */
export interface Message {
  readonly type: string
  readonly n: number
}

/** Messages of one type, numbered from 1. */
export function countUp(count: number, type = 'a'): Message[] {
  return Array.from({ length: count }, (_, index) => ({ type, n: index + 1 }))
}

/** Opens the socket that somebody has asked for in this task. */
export async function openSocket(environment: FakeEnvironment): Promise<FakeSocket> {
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  return socket
}

/** Messages that come so close together that React renders none before the last. */
export function receiveInOneTask({ newestSocket }: FakeEnvironment, messages: readonly unknown[]) {
  act(() => messages.forEach((message) => newestSocket().receive(message)))
}

/** Messages that each come in a task of their own, and the frame after them. */
export async function receiveAndDraw(environment: FakeEnvironment, ...messages: unknown[]) {
  for (const message of messages) environment.newestSocket().receive(message)
  await environment.advance(frameMs)
}

/** A connection, and what is held of it at the moment: listeners and leases. */
export function watchHeld<Incoming>(inner: Connection<Incoming>) {
  const held = new Set<Undo>()

  function hold(undo: Undo): Undo {
    const release = (): void => {
      held.delete(release)
      undo()
    }
    held.add(release)
    return release
  }

  const on = (name: 'message', listener: () => void, filter: MessageFilter = {}): Undo =>
    hold(inner.on(name, listener, filter))
  const connection: Connection<Incoming> = {
    ...inner,
    on: on as Connection<Incoming>['on'],
    subscribe: (listener) => hold(inner.subscribe(listener)),
    lease: () => hold(inner.lease()),
  }
  return { connection, held }
}
