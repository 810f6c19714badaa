import { expect, it, vi } from 'vitest'
import type { ChatMessage } from '../../examples/node-server/messages.mjs'
import { createRooms, type Bus, type Listener } from '../../examples/node-server/rooms.mjs'

function message(text: string): ChatMessage {
  return { type: 'message', id: text, author: 'ada', text, at: 0 }
}

/** The bus was asked for the history, and waits for the test. */
interface Read {
  resolve(history: ChatMessage[]): void
  reject(error: Error): void
}

/** A room with somebody in it, over a bus whose answers the test gives. */
function enterRoom() {
  const listeners = new Set<Listener>()
  const reads: Read[] = []
  const bus: Bus = {
    publish: () => Promise.resolve(),
    subscribe: (_, listener) => Promise.resolve(void listeners.add(listener)),
    unsubscribe: (_, listener) => Promise.resolve(void listeners.delete(listener)),
    readHistory: () =>
      new Promise((resolve, reject) => {
        reads.push({ resolve, reject })
      }),
    onReturn() {},
    close() {},
  }
  const frames: unknown[] = []
  const place = createRooms(bus).enter('lobby', (frame) => frames.push(JSON.parse(frame)))
  return {
    place,
    frames,
    bring: (text: string) => listeners.forEach((listener) => listener(message(text))),
    /** Resolves once the history has been asked for that many times. */
    readOf: (count: number) =>
      vi.waitFor(() => {
        const read = reads[count - 1]
        if (!read) throw new Error('It has not been asked for.')
        return read
      }),
  }
}

it.each([
  ['is newer than it', ['one']],
  ['is in it already', ['one', 'two']],
])('a message that comes while the history is read, and %s, is told once', async (_, stored) => {
  const { place, frames, bring, readOf } = enterRoom()
  const replayed = place.replay()
  const read = await readOf(1)
  bring('two')
  read.resolve(stored.map(message))
  await replayed
  expect(frames.at(-1)).toEqual({ type: 'history', messages: ['one', 'two'].map(message) })
})

it('a history that could not be read is read again for the next who asks', async () => {
  const { place, frames, readOf } = enterRoom()
  const replayed = place.replay()
  const failure = new Error('Redis is busy')
  for (const count of [1, 2]) (await readOf(count)).reject(failure)
  await expect(replayed).rejects.toBe(failure)
  const again = place.replay()
  const read = await readOf(3)
  read.resolve([message('one')])
  await again
  expect(frames).toEqual([{ type: 'history', messages: [message('one')] }])
})
