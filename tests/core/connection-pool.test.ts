import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import type { ConnectionOptions } from '../../src/core/connection-options'
import { createConnectionPool, type Source, type Wish } from '../../src/core/connection-pool'
import { createFakeEnvironment, type FakeEnvironment } from '../fake-environment'

let environment: FakeEnvironment
let pool: ReturnType<typeof createConnectionPool>
let warn: MockInstance<typeof console.warn>

beforeEach(() => {
  environment = createFakeEnvironment()
  pool = createConnectionPool()
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})

afterEach(() => {
  warn.mockRestore()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const url = 'wss://a.example/live'

/** A user whose provider, as it were, brings the fake environment. */
function user(wish: Partial<Wish> = {}, key = url): Source {
  const source = pool(key)
  const inherited: ConnectionOptions = { environment }
  source.ask({ url: key, readInherited: () => inherited, ...wish })
  return source
}

function lease(source: Source): () => void {
  const leased = source.lease()
  if (!leased) throw new Error('There is a connection to be had.')
  return leased[1]
}

it('a connection that only a visitor reconnects closes again after the linger time', async () => {
  const visitor = user()
  visitor.visit()?.send('kept, so the connection is not forgotten')
  await environment.advance(60_000)
  visitor.visit()?.reconnect()
  await environment.advance(0)
  await environment.newestSocket().open()
  await environment.advance(60_000)
  expect(environment.countLiveSockets()).toBe(0)
  expect(visitor.find()?.getSnapshot().status ?? 'forgotten').not.toBe('open')
})

it('options that are undefined count as not given', async () => {
  lease(user({ own: { params: undefined } }))
  lease(user({ own: { params: { token: 't' } } }))
  await environment.advance(0)
  expect(environment.newestSocket().url).toBe(`${url}?token=t`)
})

describe('users of one key', () => {
  it('share one connection and one socket', async () => {
    const [a, b] = [user(), user()]
    lease(a)
    lease(b)
    await environment.advance(0)
    expect(a.find()).toBe(b.find())
    expect(environment.sockets).toHaveLength(1)
  })

  it('are apart from users of another key', async () => {
    const a = user()
    const b = user({}, 'wss://b.example/')
    lease(a)
    lease(b)
    await environment.advance(0)
    expect(a.find()).not.toBe(b.find())
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url, 'wss://b.example/'])
  })

  it('are apart from users of another pool', () => {
    const a = user()
    lease(a)
    pool = createConnectionPool()
    expect(user().find()).toBeUndefined()
  })

  it('keep it open until the last of them has gone and the linger time is over', async () => {
    const releases = [user(), user()].map(lease)
    await environment.advance(0)
    await environment.newestSocket().open()
    releases[0]?.()
    await environment.advance(10_000)
    expect(environment.countLiveSockets()).toBe(1)
    releases[1]?.()
    await environment.advance(999)
    expect(environment.countLiveSockets()).toBe(1)
    await environment.advance(1)
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('find it again when they come back in time (StrictMode, route changes)', async () => {
    const source = user()
    const release = lease(source)
    const before = source.find()
    await environment.advance(0)
    release()
    lease(source)
    await environment.advance(10_000)
    expect(source.find()).toBe(before)
    expect(environment.sockets).toHaveLength(1)
  })
})

describe('looking', () => {
  it('leaves no trace (R14)', async () => {
    const source = user()
    expect(source.find()).toBeUndefined()
    await environment.advance(5000)
    expect(user().find()).toBeUndefined()
    expect(environment.sockets).toEqual([])
    expect(environment.countTimers()).toBe(0)
  })
})

describe('whose options count (R14)', () => {
  it('are those of the first who gave any, also if somebody without was there before', async () => {
    lease(user())
    lease(user({ own: { params: { by: 'second' } } }))
    lease(user({ own: { params: { by: 'third' } } }))
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?by=second`)
  })

  it('are not taken over by somebody who gives none', async () => {
    lease(user({ own: { params: { by: 'first' } } }))
    lease(user())
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?by=first`)
  })

  it('are the newest ones of whoever decides', async () => {
    const source = user({ own: { params: { token: 1 } } })
    lease(source)
    await environment.advance(0)
    source.ask({ url, own: { params: { token: 2 }, environment } })
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.newestSocket().url).toBe(`${url}?token=2`)
  })

  it('may come later from somebody who is there already', async () => {
    const first = user()
    lease(first)
    first.ask({ url, own: { params: { token: 1 }, environment } })
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?token=1`)
  })

  it('are those of the next one when whoever decided has gone', async () => {
    const release = lease(user({ own: { params: { by: 'first' } } }))
    lease(user())
    lease(user({ own: { params: { by: 'third' } } }))
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?by=first`)
    release()
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.newestSocket().url).toBe(`${url}?by=third`)
  })

  it('stay those of whoever decides when another one goes', async () => {
    lease(user())
    lease(user({ own: { params: { by: 'second' } } }))
    lease(user())()
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?by=second`)
  })

  it('are those of somebody who comes while the connection lingers', async () => {
    const release = lease(user({ own: { params: { by: 'first' } } }))
    await environment.advance(0)
    release()
    lease(user({ own: { params: { by: 'second' } } }))
    environment.newestSocket().cut()
    await environment.advance(1000)
    expect(environment.newestSocket().url).toBe(`${url}?by=second`)
    expect(warn).not.toHaveBeenCalled()
  })

  it('win over those inherited, one by one, unless they are undefined', async () => {
    const inherited: ConnectionOptions = { environment, params: { a: 1 }, protocols: 'chat' }
    const own = { params: { a: 2 }, protocols: undefined } as ConnectionOptions
    lease(user({ own, readInherited: () => inherited }))
    await environment.advance(0)
    expect(environment.newestSocket()).toMatchObject({ url: `${url}?a=2`, protocols: ['chat'] })
  })

  it('go on as they are while nothing new is given', async () => {
    let reads = 0
    const own = {
      get params() {
        reads += 1
        return { a: 1 }
      },
    }
    const source = user({ own })
    lease(source)
    await environment.advance(0)
    const before = reads
    for (let message = 0; message < 100; message += 1) source.find()?.send('x')
    expect(reads).toBe(before)
  })
})

describe('different options', () => {
  const warnings = (): string[] => warn.mock.calls.map(([text]) => String(text))

  it('bring a warning that names them, once, and without secrets (R12)', () => {
    const key = 'wss://user:secret@conflict.example/live?token=secret'
    const own = (token: string): Partial<Wish> => ({ own: { params: { token } } })
    for (const token of ['secret-1', 'secret-2', 'secret-3']) lease(user(own(token), key))
    expect(warnings()).toHaveLength(1)
    expect(warnings()[0]).toContain('wss://conflict.example/live')
    expect(warnings()[0]).toContain('params')
    expect(warnings()[0]).not.toContain('secret')
  })

  it('bring a warning also when they come with a later render', () => {
    const key = 'wss://later.example/'
    lease(user({ own: { lingerMs: 1 } }, key))
    const second = user({}, key)
    lease(second)
    expect(warnings()).toEqual([])
    second.ask({ url: key, own: { lingerMs: 2 } })
    expect(warnings()[0]).toContain('lingerMs')
  })

  it('bring none if one of them gave none, nor for the same ones', () => {
    const key = 'wss://same.example/'
    lease(user({ own: { lingerMs: 1 } }, key))
    lease(user({}, key))
    lease(user({ own: { lingerMs: 1 } }, key))
    expect(warnings()).toEqual([])
  })

  it('bring none in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const key = 'wss://production.example/'
    lease(user({ own: { lingerMs: 1 } }, key))
    lease(user({ own: { lingerMs: 2 } }, key))
    expect(warnings()).toEqual([])
  })

  it('are no problem in a page without a bundler, which has no process', () => {
    vi.stubGlobal('process', undefined)
    const key = 'wss://bare.example/'
    lease(user({ own: { lingerMs: 1 } }, key))
    expect(() => lease(user({ own: { lingerMs: 2 } }, key))).not.toThrow()
  })
})

describe('an unused connection', () => {
  it('is forgotten after the linger time', async () => {
    const source = user()
    const release = lease(source)
    await environment.advance(0)
    release()
    await environment.advance(999)
    expect(source.find()).toBeDefined()
    await environment.advance(1)
    expect(source.find()).toBeUndefined()
    expect([environment.countTimers(), environment.countPageWatchers()]).toEqual([0, 0])
  })

  it('is kept as long as its queue holds something, which then goes out', async () => {
    const source = user()
    const release = lease(source)
    await environment.advance(0)
    source.find()?.send('kept')
    release()
    await environment.advance(60_000)
    const kept = source.find()
    expect(kept).toBeDefined()
    expect(environment.countLiveSockets()).toBe(0)
    const again = lease(user())
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['kept'])
    again()
    await environment.advance(1000)
    expect(source.find()).toBeUndefined()
  })

  it('that somebody still holds on to does not push out its successor', async () => {
    const source = user()
    lease(source)()
    const old = source.find()
    await environment.advance(1000)
    lease(user())
    const successor = source.find()
    expect(successor).not.toBe(old)
    old?.lease()()
    await environment.advance(1000)
    expect(source.find()).toBe(successor)
  })
})

describe('a visit', () => {
  it('gives a connection to send on, which is forgotten again if nobody comes', async () => {
    const source = user()
    const connection = source.visit()
    expect(connection).toBe(source.find())
    await environment.advance(1000)
    expect(source.find()).toBeUndefined()
    expect(environment.sockets).toEqual([])
    expect(environment.countTimers()).toBe(0)
  })

  it('keeps what was sent for the one who comes', async () => {
    const source = user()
    expect(source.visit()?.send('early')).toBe('queued')
    await environment.advance(60_000)
    lease(source)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.newestSocket().sent).toEqual(['early'])
  })

  it('is the connection there is, and does not end it', async () => {
    const source = user()
    lease(source)
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(user().visit()).toBe(source.find())
    await environment.advance(60_000)
    expect(environment.countLiveSockets()).toBe(1)
  })
})

describe('a connection that is kept', () => {
  it('is never forgotten, and opens with the first lease only', async () => {
    const source = user()
    const connection = source.keep()
    await environment.advance(60_000)
    expect(environment.sockets).toEqual([])
    const release = connection?.lease()
    await environment.advance(0)
    release?.()
    await environment.advance(60_000)
    expect(source.find()).toBe(connection)
    expect(environment.countLiveSockets()).toBe(0)
  })

  it('brings its options', async () => {
    const source = user({ own: { params: { by: 'keeper' } } })
    source.keep()
    lease(user())
    await environment.advance(0)
    expect(environment.newestSocket().url).toBe(`${url}?by=keeper`)
  })
})
