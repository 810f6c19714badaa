import { describe, expect, it } from 'vitest'
import { createHandshakeInbox } from '../../src/core/handshake'

interface Message {
  type: string
  n?: number
}

const isOfType =
  (type: string) =>
  (message: Message): boolean =>
    message.type === type

function setUp() {
  const abort = new AbortController()
  return { abort, inbox: createHandshakeInbox(abort.signal) }
}

describe('receive', () => {
  it('gives the first message that comes', async () => {
    const { inbox } = setUp()
    const received = inbox.receive()
    inbox.deliver('a')
    inbox.deliver('b')
    await expect(received).resolves.toBe('a')
    expect(inbox.waiting).toEqual(['b'])
  })

  it('gives a message that came before it was asked', async () => {
    const { inbox } = setUp()
    inbox.deliver('a')
    inbox.deliver('b')
    await expect(inbox.receive()).resolves.toBe('a')
    await expect(inbox.receive()).resolves.toBe('b')
    expect(inbox.waiting).toEqual([])
  })

  it('gives the first that matches, and leaves the others in order', async () => {
    const { inbox } = setUp()
    inbox.deliver({ type: 'news', n: 1 })
    inbox.deliver({ type: 'welcome', n: 2 })
    inbox.deliver({ type: 'welcome', n: 3 })
    await expect(inbox.receive(isOfType('welcome'))).resolves.toEqual({ type: 'welcome', n: 2 })
    const later = inbox.receive(isOfType('ready'))
    inbox.deliver({ type: 'news', n: 4 })
    inbox.deliver({ type: 'ready' })
    await expect(later).resolves.toEqual({ type: 'ready' })
    expect(inbox.waiting).toEqual([
      { type: 'news', n: 1 },
      { type: 'welcome', n: 3 },
      { type: 'news', n: 4 },
    ])
  })

  it('gives each message to one receiver, the one that asked first', async () => {
    const { inbox } = setUp()
    const first = inbox.receive()
    const second = inbox.receive()
    inbox.deliver(1)
    inbox.deliver(2)
    await expect(Promise.all([first, second])).resolves.toEqual([1, 2])
  })

  it('rejects if its condition throws', async () => {
    const { inbox } = setUp()
    inbox.deliver('a')
    const received = inbox.receive(() => {
      throw new Error('condition')
    })
    await expect(received).rejects.toThrow('condition')
    expect(inbox.waiting).toEqual(['a'])
  })

  it('rejects when the attempt is over', async () => {
    const { abort, inbox } = setUp()
    const received = inbox.receive()
    const reason = new Error('over')
    abort.abort(reason)
    await expect(received).rejects.toBe(reason)
  })

  it('that nobody awaits is no unhandled rejection', async () => {
    const { abort, inbox } = setUp()
    void inbox.receive()
    abort.abort(new Error('over'))
    // An unhandled rejection would fail the run.
    await expect(inbox.receive()).rejects.toThrow('over')
  })

  it('rejects at once when the attempt was over before', async () => {
    const { abort, inbox } = setUp()
    const reason = new Error('over')
    abort.abort(reason)
    await expect(inbox.receive()).rejects.toBe(reason)
  })

  it('keeps falsy messages', async () => {
    const { inbox } = setUp()
    inbox.deliver(undefined)
    inbox.deliver(0)
    await expect(inbox.receive((message) => message === 0)).resolves.toBe(0)
    expect(inbox.waiting).toEqual([undefined])
  })
})

it('tells how many messages wait', () => {
  const { inbox } = setUp()
  expect([inbox.deliver('a'), inbox.deliver('b')]).toEqual([1, 2])
  void inbox.receive()
  void inbox.receive()
  void inbox.receive()
  expect(inbox.deliver('c')).toBe(0)
})
