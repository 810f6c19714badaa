import { describe, expect, it } from 'vitest'
import type { AttemptContext, HandshakeContext } from '../../src/core/connection-options'
import { recordConnection, url } from './recorded-connection'

/** A promise that the test settles. */
function createPending<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('the address', () => {
  it('may be a function, asked on every attempt', async () => {
    const hosts = ['one', 'two']
    const { start, environment } = recordConnection({}, () => `wss://${hosts.shift()}.example/`)
    await start()
    environment.newestSocket().cut()
    await environment.advance(500)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([
      'wss://one.example/',
      'wss://two.example/',
    ])
  })

  it('has its parts from functions that may take their time', async () => {
    const params = createPending<{ token: string }>()
    const { start, environment } = recordConnection(
      { params: () => params.promise, protocols: async () => Promise.resolve(['chat', 'v2']) },
      async () => Promise.resolve(url),
    )
    await start()
    await environment.advance(9000)
    expect(environment.sockets).toEqual([])
    params.resolve({ token: 't' })
    await environment.advance(0)
    expect(environment.newestSocket()).toMatchObject({
      url: `${url}?token=t`,
      protocols: ['chat', 'v2'],
    })
  })

  it('knows which attempt it is for, and how the last one ended', async () => {
    const contexts: AttemptContext[] = []
    const params = (context: AttemptContext): { token: number } => {
      contexts.push(context)
      return { token: contexts.length }
    }
    const { open, reopen, environment, connection } = recordConnection({ params })
    const socket = await open()
    socket.closeWith(4401, 'expired')
    await reopen()
    environment.newestSocket().cut()
    await reopen()
    expect(contexts.map(({ attempt, lastClose }) => [attempt, lastClose?.code])).toEqual([
      [0, undefined],
      [1, 4401],
      [2, 1006],
    ])
    expect(contexts[0]?.lastClose).toBeNull()
    expect(contexts[2]?.lastClose).toBe(connection.getSnapshot().lastClose)
    expect(environment.sockets.map((made) => made.url)).toEqual([
      `${url}?token=1`,
      `${url}?token=2`,
      `${url}?token=3`,
    ])
  })

  it.each([
    ['throws', () => explode()],
    ['rejects', async () => Promise.reject(new Error('no token'))],
  ])('that %s is a failed attempt, with what was thrown as its cause', async (_, params) => {
    const { start, errors, statuses, connection, environment } = recordConnection({ params })
    await start()
    const { lastClose, attempt, retryAt } = connection.getSnapshot()
    expect(lastClose).toMatchObject({
      code: null,
      by: 'client',
      openForMs: null,
      error: { code: 'address-failed', cause: { message: 'no token' } },
    })
    expect(statuses).toEqual(['connecting', 'reconnecting'])
    expect(attempt).toBe(1)
    expect(retryAt).toBe(environment.now() + 275)
    expect(errors).toEqual([lastClose?.error])
    expect(environment.sockets).toEqual([])
  })

  it('that does not come within connectTimeoutMs is a failed attempt, and comes too late', async () => {
    const pending = createPending<string>()
    const contexts: AttemptContext[] = []
    let isFirst = true
    const { start, connection, environment } = recordConnection(
      { connectTimeoutMs: 3000 },
      (context) => {
        contexts.push(context)
        const answer = isFirst ? pending.promise : url
        isFirst = false
        return answer
      },
    )
    await start()
    await environment.advance(2999)
    expect(connection.getSnapshot().status).toBe('connecting')
    await environment.advance(1)
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      lastClose: { error: { code: 'address-failed' } },
    })
    expect(contexts[0]?.signal.aborted).toBe(true)
    await environment.advance(275)
    pending.resolve('wss://late.example/')
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url])
  })

  it('is asked for with a signal that ends with the attempt', async () => {
    const signals: AbortSignal[] = []
    const { start, environment } = recordConnection({
      params: async ({ signal }) => {
        signals.push(signal)
        return new Promise(() => {})
      },
    })
    const release = await start()
    expect(signals[0]?.aborted).toBe(false)
    release()
    await environment.advance(1000)
    expect(signals[0]?.aborted).toBe(true)
    expect(environment.countTimers()).toBe(0)
  })

  it.each(['close', 'reconnect'] as const)(
    'that comes after %s() leads nowhere',
    async (method) => {
      const answers = [createPending<string>(), createPending<string>()]
      let asked = 0
      const { start, connection, environment } = recordConnection({}, async () => {
        asked += 1
        return answers[asked - 1]?.promise ?? url
      })
      await start()
      connection.close()
      if (method === 'reconnect') connection.reconnect()
      answers[0]?.resolve('wss://late.example/')
      await environment.advance(0)
      expect(environment.sockets).toEqual([])
      if (method === 'reconnect') answers[1]?.resolve(url)
      await environment.advance(0)
      expect(environment.sockets.map((socket) => socket.url)).toEqual(
        method === 'reconnect' ? [url] : [],
      )
    },
  )

  it.each([1, 2])('that calls close() while it is asked for attempt %i closes', async (when) => {
    let asked = 0
    const thrown: unknown[] = []
    const signals: AbortSignal[] = []
    const { start, connection, environment } = recordConnection({
      params({ signal }) {
        asked += 1
        signals.push(signal)
        try {
          if (asked === when) connection.close()
        } catch (error) {
          thrown.push(error)
        }
        return {}
      },
    })
    await start()
    if (when === 2) environment.newestSocket().cut()
    await environment.advance(when === 2 ? 275 : 0)
    expect(thrown).toEqual([])
    expect(connection.getSnapshot().status).toBe('closed')
    expect(environment.countLiveSockets()).toBe(0)
    expect(environment.countTimers()).toBe(0)
    expect(signals.at(-1)?.aborted).toBe(true)
  })

  it('is not asked for once the attempt is over', async () => {
    let asked = 0
    const { connection, environment } = recordConnection({
      params() {
        asked += 1
        return {}
      },
    })
    connection.reconnect()
    connection.close()
    await environment.advance(0)
    expect(asked).toBe(0)
  })

  it('that calls reconnect() while it is asked goes on with one attempt', async () => {
    let asked = 0
    const { start, connection, environment } = recordConnection({
      params() {
        asked += 1
        if (asked < 10) connection.reconnect()
        return {}
      },
    })
    await start()
    expect(asked).toBe(1)
    expect(environment.sockets).toHaveLength(1)
  })
})

describe('configuration that cannot work (R10)', () => {
  it.each([
    ['invalid-url', 'wss://a.example/#part', {}],
    ['invalid-url', 'ftp://a.example/', {}],
    ['invalid-url', '/live', {}],
    ['invalid-url', '', {}],
    ['invalid-protocols', url, { protocols: ['a', 'a'] }],
    ['invalid-protocols', url, { protocols: 'not a token' }],
    ['invalid-option', url, { lingerMs: -1 }],
    ['invalid-option', url, { reconnect: { factor: NaN } }],
  ])('%s: fails at once and never loops', async (code, target, options) => {
    const { start, connection, environment, statuses, errors, closes } = recordConnection(
      options,
      target,
    )
    connection.send('kept')
    await start()
    await environment.advance(600_000)
    expect(connection.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code },
      lastClose: null,
      retryAt: null,
      queued: 1,
    })
    expect(statuses).toEqual(['connecting', 'failed'])
    expect(errors).toEqual([connection.getSnapshot().error])
    expect(closes).toEqual([])
    expect(environment.sockets).toEqual([])
    expect([environment.countTimers(), environment.countPageWatchers()]).toEqual([0, 0])
  })

  it('ws: in an https page is insecure-url', async () => {
    const { start, connection } = recordConnection({}, 'ws://a.example/')
    const page = { baseUrl: () => 'https://app.example/' }
    const { start: startThere, connection: there } = recordConnection(
      { environment: page },
      'ws://a.example/',
    )
    await start()
    expect(connection.getSnapshot().error).toBeNull()
    await startThere()
    expect(there.getSnapshot().error).toMatchObject({ code: 'insecure-url' })
  })

  it.each([
    ['SyntaxError', (message: string) => new SyntaxError(message)],
    ['SecurityError', (message: string) => new DOMException(message, 'SecurityError')],
  ])(
    'what the browser refuses with a %s is invalid-url, and shows no secret (R12)',
    async (_, make) => {
      const refusing = {
        createSocket(target: string): never {
          throw make(`${target} is wrong`)
        },
      }
      const { start, connection } = recordConnection(
        { environment: refusing },
        'wss://user:secret@a.example/live?token=secret',
      )
      await start()
      const { error } = connection.getSnapshot()
      expect(error).toMatchObject({ code: 'invalid-url', cause: undefined })
      expect(error?.message).toContain('wss://a.example/live')
      expect(error?.message).not.toContain('secret')
    },
  )

  it('a createSocket that fails of itself is no-websocket, with its cause', async () => {
    const cause = new ReferenceError('WS is not defined')
    const createSocket = (): never => {
      throw cause
    }
    const { start, connection } = recordConnection({ environment: { createSocket } })
    await start()
    expect(connection.getSnapshot().error).toMatchObject({ code: 'no-websocket', cause })
  })

  it('can be mended and tried again', async () => {
    let target = 'ftp://a.example/'
    const { start, connection, environment } = recordConnection({}, () => target)
    connection.send('kept')
    await start()
    target = url
    connection.reconnect()
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', error: null })
    expect(environment.newestSocket().sent).toEqual(['kept'])
  })
})

describe('a socket that does not open (R1)', () => {
  it('is abandoned after connectTimeoutMs without waiting for its own close', async () => {
    const { start, connection, environment, closes } = recordConnection()
    await start()
    await environment.advance(9999)
    expect(environment.newestSocket().closedBy).toBeNull()
    await environment.advance(1)
    const [first] = environment.sockets
    expect(first).toMatchObject({ onopen: null, onmessage: null, onclose: null })
    expect(first?.closedBy).not.toBeNull()
    expect(closes).toMatchObject([
      { code: null, reason: '', by: 'client', wasClean: false, error: { code: 'connect-timeout' } },
    ])
    expect(connection.getSnapshot().status).toBe('reconnecting')
    await environment.advance(275)
    expect(environment.sockets).toHaveLength(2)
  })

  it('is not closed with a code that was not ours to give', async () => {
    const { start, environment } = recordConnection()
    await start()
    await environment.advance(10_000)
    expect(environment.sockets[0]?.closedBy).not.toBeNull()
    expect(environment.sockets[0]?.closedBy).not.toHaveProperty('code')
  })

  it.each([0, Infinity])('is waited for as long as the browser does with %d', async (limit) => {
    const { start, connection, environment } = recordConnection({ connectTimeoutMs: limit })
    await start()
    await environment.advance(3_600_000)
    expect(connection.getSnapshot().status).toBe('connecting')
    expect(environment.countTimers()).toBe(0)
  })

  it('cut by the network is told as the network did it', async () => {
    const { start, environment, closes, errors } = recordConnection()
    await start()
    environment.newestSocket().cut()
    expect(closes).toMatchObject([{ code: 1006, by: 'network', openForMs: null, error: null }])
    expect(errors).toEqual([])
  })

  it('has a heartbeat, timer and deadline of its own no more when it is open', async () => {
    const { open, environment, connection } = recordConnection()
    await open()
    expect(environment.countTimers()).toBe(0)
    await environment.advance(60_000)
    expect(connection.getSnapshot().status).toBe('open')
  })
})

describe('late events of an old socket (R2)', () => {
  it('are ignored after a time-out', async () => {
    const { start, connection, environment, messages, closes } = recordConnection()
    await start()
    const [old] = environment.sockets
    const handlers = { onopen: old?.onopen, onmessage: old?.onmessage, onclose: old?.onclose }
    await environment.advance(10_275)
    expect(environment.sockets).toHaveLength(2)
    // Also if the platform has already taken hold of the handlers.
    handlers.onopen?.({} as never)
    handlers.onmessage?.({ data: '1' } as never)
    handlers.onclose?.({ code: 1006, reason: '', wasClean: false } as never)
    await environment.advance(0)
    expect(connection.getSnapshot().status).toBe('reconnecting')
    expect(closes).toHaveLength(1)
    expect(messages).toEqual([])
    expect(environment.countLiveSockets()).toBe(1)
  })

  it('are ignored after close() and reconnect()', async () => {
    const { open, connection, environment, closes } = recordConnection()
    const old = await open()
    const { onclose } = old
    connection.close()
    connection.reconnect()
    await environment.advance(0)
    onclose?.({ code: 1006, reason: '', wasClean: false } as never)
    await environment.newestSocket().open()
    expect(connection.getSnapshot().status).toBe('open')
    expect(closes).toHaveLength(1)
  })

  it('that come as an error without a close end the attempt', async () => {
    const { start, connection, environment, closes } = recordConnection({ connectTimeoutMs: 0 })
    await start()
    environment.newestSocket().lose()
    await environment.advance(999)
    expect(closes).toEqual([])
    await environment.advance(1)
    expect(connection.getSnapshot().status).toBe('reconnecting')
    expect(closes).toMatchObject([
      { code: null, reason: '', wasClean: false, by: 'network', error: null, openForMs: null },
    ])
  })

  it('do not come from an error alone, while the socket is not closed', async () => {
    const { start, environment, closes } = recordConnection()
    await start()
    environment.newestSocket().onerror?.({} as never)
    await environment.advance(2000)
    expect(closes).toEqual([])
  })

  it('that come as an error while the handshake runs end it, too', async () => {
    const { start, environment, closes, opens } = recordConnection({
      handshake: async ({ receive }) => void (await receive()),
      connectTimeoutMs: 60_000,
    })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    socket.lose()
    await environment.advance(1000)
    expect(closes).toMatchObject([{ code: null, by: 'network' }])
    expect(opens).toEqual([])
  })

  it('that come as an error do not put off the connect timeout', async () => {
    const { start, environment, closes } = recordConnection({ connectTimeoutMs: 300 })
    await start()
    await environment.advance(290)
    environment.newestSocket().lose()
    await environment.advance(10)
    expect(closes).toMatchObject([{ error: { code: 'connect-timeout' } }])
  })

  it('are what the close says, also if an error comes after it', async () => {
    let finish = (_: unknown): void => {}
    const decode = () => new Promise((resolve) => (finish = resolve))
    const { open, environment, closes } = recordConnection({
      codec: { encode: JSON.stringify, decode },
    })
    const socket = await open()
    socket.receive('slow')
    socket.closeWith(1012)
    socket.onerror?.({} as never)
    await environment.advance(1000)
    expect(closes).toEqual([])
    finish('slow')
    await environment.advance(0)
    expect(closes).toMatchObject([{ code: 1012, by: 'server' }])
  })

  it('that come as an error are waited for no longer than the attempt lasts', async () => {
    const { start, connection, environment } = recordConnection()
    await start()
    environment.newestSocket().lose()
    connection.close()
    expect(environment.countTimers()).toBe(0)
  })

  it('may be told in a task of their own after the error', async () => {
    const { start, environment, closes } = recordConnection()
    await start()
    const socket = environment.newestSocket()
    socket.lose()
    await environment.advance(20)
    socket.onclose?.({ code: 1006, reason: '', wasClean: false } as never)
    await environment.advance(2000)
    expect(closes[0]).toMatchObject({ code: 1006, by: 'network' })
    expect(environment.sockets).toHaveLength(2)
  })

  it('that come as errors of a socket we let go of are caught', async () => {
    const { open, connection } = recordConnection()
    const socket = await open()
    connection.close()
    // In Node, `ws` throws an error event that nobody listens to.
    expect(socket.onerror).toBeTypeOf('function')
  })

  it('a close in the same task as the open ends the attempt there', async () => {
    let handshakes = 0
    const { start, connection, environment, opens } = recordConnection({
      handshake: () => {
        handshakes += 1
      },
    })
    await start()
    const opening = environment.newestSocket().open()
    connection.close()
    await opening
    expect(connection.getSnapshot().status).toBe('closed')
    expect(opens).toEqual([])
    expect(handshakes).toBe(0)
    expect(environment.countTimers()).toBe(0)
  })
})

describe('the handshake', () => {
  it('comes before open, before the queue, and can speak and listen', async () => {
    const seen: unknown[] = []
    const { start, connection, environment, log, statuses } = recordConnection({
      async handshake({ send, sendJSON, receive }) {
        send('hello')
        sendJSON({ token: 't' })
        seen.push(await receive())
      },
    })
    connection.sendJSON({ queued: true })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    expect(socket.sent).toEqual(['hello', '{"token":"t"}'])
    expect([log, statuses]).toEqual([[], ['connecting']])
    socket.receive({ welcome: 1 })
    await environment.advance(0)
    expect(seen).toEqual([{ welcome: 1 }])
    expect(socket.sent.at(-1)).toBe('{"queued":true}')
    expect(socket.sent).toHaveLength(3)
    expect([log, statuses]).toEqual([['open'], ['connecting', 'open']])
  })

  it('knows the attempt and how the last one ended', async () => {
    const contexts: HandshakeContext[] = []
    const handshake = (context: HandshakeContext): void => void contexts.push(context)
    const { open, reopen } = recordConnection({ handshake })
    const socket = await open()
    socket.closeWith(1012)
    await reopen()
    expect(contexts.map(({ attempt, lastClose }) => [attempt, lastClose?.code])).toEqual([
      [0, undefined],
      [1, 1012],
    ])
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false])
  })

  it('leaves messages that nobody received to the listeners, after open and in order', async () => {
    const { start, environment, connection, log, messages } = recordConnection({
      async handshake({ receive }) {
        await receive((message: { type: string }) => message.type === 'welcome')
      },
    })
    const seenOpen: unknown[] = []
    connection.on('open', () => seenOpen.push(messages.length))
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    socket.receive({ type: 'news', n: 1 })
    socket.receive({ type: 'welcome' })
    socket.receive({ type: 'news', n: 2 })
    expect(log).toEqual([])
    await environment.advance(0)
    socket.receive({ type: 'news', n: 3 })
    expect(log).toEqual(['open', 'message', 'message', 'message'])
    expect(messages).toEqual([1, 2, 3].map((n) => ({ type: 'news', n })))
    expect(seenOpen).toEqual([0])
  })

  it.each([
    ['throws', () => explode()],
    ['rejects', async () => Promise.reject(new Error('no token'))],
  ])('that %s is a failed attempt', async (_, handshake) => {
    const { start, connection, environment, opens } = recordConnection({ handshake })
    connection.send('kept')
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    expect(opens).toEqual([])
    expect(socket.closedBy).not.toBeNull()
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      queued: 1,
      lastClose: {
        code: null,
        openForMs: null,
        error: { code: 'handshake-failed', cause: { message: 'no token' } },
      },
    })
  })

  it('that hangs is a failed attempt after connectTimeoutMs of its own', async () => {
    const signals: AbortSignal[] = []
    const { start, connection, environment } = recordConnection({
      async handshake({ signal, receive }) {
        signals.push(signal)
        await receive()
      },
    })
    await start()
    await environment.advance(9000)
    await environment.newestSocket().open()
    await environment.advance(9999)
    expect(connection.getSnapshot().status).toBe('connecting')
    await environment.advance(1)
    expect(connection.getSnapshot().lastClose).toMatchObject({
      error: { code: 'handshake-failed' },
    })
    expect(signals[0]?.aborted).toBe(true)
  })

  it('that is cut short by the server keeps its close code', async () => {
    const { start, connection, environment } = recordConnection({
      handshake: async ({ receive }) => void (await receive()),
    })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    socket.closeWith(4403, 'no')
    expect(connection.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'closed-for-good' },
      lastClose: { code: 4403, reason: 'no', by: 'server', openForMs: null },
    })
  })

  it('that completes after its attempt is over changes nothing', async () => {
    const pending = createPending<void>()
    let isFirst = true
    const { start, connection, environment, opens } = recordConnection({
      async handshake() {
        if (isFirst) await pending.promise
        isFirst = false
      },
    })
    await start()
    await environment.newestSocket().open()
    connection.close()
    pending.resolve()
    await environment.advance(0)
    expect(opens).toEqual([])
    expect(connection.getSnapshot().status).toBe('closed')
    expect(environment.countTimers()).toBe(0)
  })

  it('is given up when the server sends over 1000 messages before it is done', async () => {
    const { start, connection, environment } = recordConnection({
      handshake: async () => new Promise(() => {}),
    })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    for (let n = 0; n < 1000; n += 1) socket.receive(n)
    expect(connection.getSnapshot().status).toBe('connecting')
    socket.receive(1000)
    expect(connection.getSnapshot().lastClose).toMatchObject({
      error: { code: 'handshake-failed' },
    })
  })

  it('says once what a slow codec could not encode, and sends nothing for it', async () => {
    const refusal = new Error('refused')
    const { start, environment } = recordConnection({
      codec: { encode: async () => Promise.reject(refusal), decode: (frame) => frame },
      handshake: ({ sendJSON }) => sendJSON('login'),
    })
    await start()
    await environment.newestSocket().open()
    expect(environment.reportedErrors).toMatchObject([{ code: 'encode-failed', cause: refusal }])
    expect(environment.newestSocket().sent).toEqual([])
  })

  it('cannot send what is no frame', async () => {
    const { start, environment, connection } = recordConnection({
      handshake: ({ sendJSON }) => sendJSON(1n),
    })
    await start()
    await environment.newestSocket().open()
    expect(connection.getSnapshot().lastClose?.error).toMatchObject({
      code: 'handshake-failed',
      cause: { code: 'encode-failed' },
    })
  })
})

describe('the proof that a connection was good (R3)', () => {
  async function failAgainAfter(
    options: Parameters<typeof recordConnection>[0],
    message?: string,
  ): Promise<number> {
    const { start, reopen, connection, environment } = recordConnection(options)
    await start()
    environment.newestSocket().cut()
    const socket = await reopen()
    if (message !== undefined) socket.receiveFrame(message)
    await environment.advance(5000)
    socket.cut()
    return connection.getSnapshot().attempt
  }

  it('is a message, whatever it is', async () => {
    expect(await failAgainAfter({}, '1')).toBe(1)
    expect(await failAgainAfter({}, 'malformed')).toBe(1)
    expect(await failAgainAfter({ heartbeat: {} }, '"pong"')).toBe(1)
  })

  it('is a completed handshake', async () => {
    expect(await failAgainAfter({ handshake: () => {} })).toBe(1)
  })

  it('is not the open socket alone', async () => {
    expect(await failAgainAfter({})).toBe(2)
  })
})

describe('inbound messages', () => {
  it('are decoded and told once, in order', async () => {
    const { open, messages, connection } = recordConnection()
    const socket = await open()
    expect(connection.getLastMessage()).toBeUndefined()
    socket.receive({ n: 1 })
    socket.receive(null)
    socket.receive('text')
    expect(messages).toEqual([{ n: 1 }, null, 'text'])
    expect(connection.getLastMessage()).toBe('text')
  })

  it('in binary frames arrive untouched', async () => {
    const { open, messages } = recordConnection()
    const socket = await open()
    const buffer = new ArrayBuffer(4)
    expect(socket.binaryType).toBe('arraybuffer')
    socket.receiveFrame(buffer)
    expect(messages[0]).toBe(buffer)
  })

  it('in binary frames may be blobs', async () => {
    const { open, messages } = recordConnection({ binaryType: 'blob' })
    const socket = await open()
    const blob = new Blob(['x'])
    expect(socket.binaryType).toBe('blob')
    socket.receiveFrame(blob)
    expect(messages[0]).toBe(blob)
  })

  it('go through the codec', async () => {
    const { open, messages, connection } = recordConnection({
      codec: { encode: (value) => `<${String(value)}>`, decode: (data) => `${String(data)}!` },
    })
    const socket = await open()
    connection.sendJSON(7)
    socket.receiveFrame('hi')
    expect(socket.sent).toEqual(['<7>'])
    expect(messages).toEqual(['hi!'])
  })

  it.each(['malformed', '', '{"a":', '\ufffd'])(
    'that are malformed (%j) are counted and told, and the connection stays (R9)',
    async (data) => {
      const invalid: unknown[] = []
      const { open, connection, messages, errors, environment } = recordConnection({
        onInvalid: (message) => invalid.push(message),
      })
      const socket = await open()
      socket.receiveFrame(data)
      socket.receive('fine')
      await environment.advance(0)
      expect(errors).toMatchObject([{ code: 'malformed-message', cause: { name: 'SyntaxError' } }])
      expect(invalid).toEqual([{ data, error: errors[0], issues: [] }])
      expect(messages).toEqual(['fine'])
      expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
      expect(environment.reportedErrors).toEqual([])
    },
  )

  it('that are too large are refused before they are decoded, and the connection stays', async () => {
    const decoded: unknown[] = []
    const { open, connection, errors, messages, environment } = recordConnection({
      maxMessageBytes: 10,
      codec: {
        encode: String,
        decode(data) {
          decoded.push(data)
          return data
        },
      },
    })
    const socket = await open()
    for (const data of ['12345678901', '€€€€', new ArrayBuffer(11), '1234567890', '€€€']) {
      socket.receiveFrame(data)
    }
    await environment.advance(0)
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('message-too-large'))
    expect(messages).toEqual(['1234567890', '€€€'])
    expect(decoded).toEqual(messages)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 3 })
  })

  it('that are refused in a thousand change the snapshot once', async () => {
    const { open, connection, environment } = recordConnection()
    const socket = await open()
    let changes = 0
    connection.subscribe(() => (changes += 1))
    for (let n = 0; n < 1000; n += 1) socket.receiveFrame('malformed')
    await environment.advance(0)
    expect(connection.getSnapshot().invalidMessages).toBe(1000)
    expect(changes).toBe(1)
  })

  it('an onInvalid that throws is reported and stops nothing (R8)', async () => {
    const { open, environment, messages } = recordConnection({ onInvalid: () => explode() })
    const socket = await open()
    socket.receiveFrame('malformed')
    socket.receive(1)
    expect(environment.reportedErrors).toMatchObject([{ message: 'no token' }])
    expect(messages).toEqual([1])
  })
})

describe('the heartbeat', () => {
  it('asks, hides the answer and measures its latency', async () => {
    const { open, environment, messages, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    await environment.advance(25_000)
    expect(socket.sentJSON()).toEqual([{ type: 'ping' }])
    await environment.advance(40)
    socket.receive({ type: 'pong' })
    await environment.advance(0)
    expect(messages).toEqual([])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', latencyMs: 40 })
    socket.receive({ type: 'pong' })
    await environment.advance(0)
    expect(connection.getSnapshot().latencyMs).toBe(40)
    socket.cut()
    expect(connection.getSnapshot().latencyMs).toBeNull()
  })

  it('does not measure what nobody asked for, but hides it', async () => {
    const { open, environment, messages, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    socket.receive('pong')
    socket.receiveFrame('pong')
    await environment.advance(0)
    expect(messages).toEqual([])
    expect(connection.getSnapshot()).toMatchObject({ latencyMs: null, invalidMessages: 0 })
  })

  it('without one, a pong is a message like any other', async () => {
    const { open, messages } = recordConnection()
    const socket = await open()
    socket.receive('pong')
    expect(messages).toEqual(['pong'])
  })

  it('replaces a dead socket without waiting for its close (R1)', async () => {
    const { open, reopen, environment, closes, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    await environment.advance(35_000)
    expect(socket.closedBy).not.toBeNull()
    expect(closes).toMatchObject([
      { code: null, by: 'client', openForMs: 35_000, error: { code: 'heartbeat-timeout' } },
    ])
    await reopen()
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', latencyMs: null })
    expect(environment.countLiveSockets()).toBe(1)
  })

  it('takes any frame as life, also one that is refused', async () => {
    const { open, environment, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    for (const data of ['1', 'malformed', new ArrayBuffer(2)]) {
      await environment.advance(30_000)
      socket.receiveFrame(data)
    }
    expect(connection.getSnapshot().status).toBe('open')
  })

  it.each([
    ['text', 'PING', 'PING'],
    ['a value', { op: 1 }, '{"op":1}'],
    ['a function', () => ({ at: 7 }), '{"at":7}'],
    ['a function that gives text', () => 'now', 'now'],
  ])('sends %s', async (_, ping, sent) => {
    const { open, environment } = recordConnection({ heartbeat: { ping } })
    const socket = await open()
    await environment.advance(25_000)
    expect(socket.sent).toEqual([sent])
  })

  it('asks ahead of what waits for room', async () => {
    const { open, environment, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    socket.bufferedAmount = 1e9
    connection.send('waits')
    await environment.advance(25_000)
    expect(socket.sentJSON()).toEqual([{ type: 'ping' }])
  })

  it('a ping that throws is reported, and the silence still counts', async () => {
    const { open, environment, connection } = recordConnection({
      heartbeat: { ping: () => explode() },
    })
    await open()
    await environment.advance(25_000)
    expect(environment.reportedErrors).toHaveLength(1)
    await environment.advance(10_000)
    expect(connection.getSnapshot().lastClose?.error?.code).toBe('heartbeat-timeout')
  })

  it('answers the pings of a server inside the message event, and hides them', async () => {
    const { open, messages } = recordConnection({
      heartbeat: {
        ping: false,
        reply: (message) => (message === 'ping' ? { type: 'pong' } : undefined),
      },
    })
    const socket = await open()
    socket.receive('ping')
    expect(socket.sent).toEqual(['{"type":"pong"}'])
    socket.receive('other')
    expect(messages).toEqual(['other'])
    expect(socket.sent).toHaveLength(1)
  })

  it('may be told what a pong is', async () => {
    const { open, messages } = recordConnection({
      heartbeat: { isPong: (message) => (message as { op: number }).op === 11 },
    })
    const socket = await open()
    socket.receive({ op: 11 })
    socket.receive({ type: 'pong' })
    expect(messages).toEqual([{ type: 'pong' }])
  })

  it.each(['isPong', 'reply'] as const)(
    '%s that throws is reported and loses no message (R8)',
    async (name) => {
      const { open, messages, environment } = recordConnection({
        heartbeat: { [name]: () => explode() },
      })
      const socket = await open()
      socket.receive(1)
      expect(environment.reportedErrors).toHaveLength(1)
      expect(messages).toEqual([1])
    },
  )

  it('probes an open socket when the network or the page changed (R5)', async () => {
    const { open, environment, connection } = recordConnection({ heartbeat: {} })
    const socket = await open()
    environment.goOffline()
    environment.goOnline()
    environment.wake()
    expect(socket.sentJSON()).toEqual([{ type: 'ping' }])
    await environment.advance(2500)
    expect(connection.getSnapshot().lastClose?.error?.code).toBe('heartbeat-timeout')
  })

  it('ends with its socket (R13)', async () => {
    const { open, environment, connection } = recordConnection({ heartbeat: {} })
    await open()
    expect(environment.countTimers()).toBe(1)
    connection.close()
    expect(environment.countTimers()).toBe(0)
  })

  it('does not run during the handshake, but answers there', async () => {
    const { start, environment } = recordConnection({
      heartbeat: {
        intervalMs: 1000,
        reply: (message) => (message === 'ping' ? 'pong' : undefined),
      },
      handshake: async ({ receive }) => void (await receive()),
    })
    await start()
    const socket = environment.newestSocket()
    await socket.open()
    socket.receive('ping')
    await environment.advance(9000)
    expect(socket.sent).toEqual(['pong'])
  })
})

function explode(): never {
  throw new Error('no token')
}
