import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { envelope } from '../../src/codecs'
import type { FrameData, InvalidMessage } from '../../src/core'
import { preparePage } from '../rig/chromium/browser-rig'
import { reached, startLiveRig } from '../rig/live-rig'
import { eventually } from '../rig/waiting'

const openSendingPage = preparePage('sending')

const megabyte = 1_000_000

/** What is huge takes its time where others work, too. */
const patienceMs = 60_000

describe('frames that are no JSON', () => {
  const malformed = ['', ' ', '{', '{"half":', '[1,', '"open', 'nul', '{"a":1}}', "{'a':1}", '\0']

  it('are counted and told, and the others reach listeners', { tags: ['fault-81'] }, async () => {
    const { connect, server } = await startLiveRig()
    const onInvalid = vi.fn<(invalid: InvalidMessage) => void>()
    const live = connect({ onInvalid })
    await reached(live, 'open')
    malformed.forEach((frame, n) => {
      server.broadcast(frame)
      server.broadcastJSON(n)
    })
    await eventually(() => live.messages.length === malformed.length, 'all the others came')
    expect(live.messages).toEqual(malformed.map((_, n) => n))
    expect(onInvalid.mock.calls.map(([{ data }]) => data)).toEqual(malformed)
    expect(live.errors.map(({ code }) => code)).toEqual(malformed.map(() => 'malformed-message'))
    expect(live.connection.getSnapshot()).toMatchObject({
      status: 'open',
      invalidMessages: malformed.length,
    })
    expect(live.sockets).toHaveLength(1)
  })
})

describe('frames that are JSON, or bytes', () => {
  it('are messages, however little is in them', { tags: ['fault-81'] }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const values = [null, [], {}, 0, '', false, [null], { type: null }, { type: {} }]
    await reached(live, 'open')
    values.forEach(server.broadcastJSON)
    server.broadcast(new Uint8Array(0))
    await eventually(() => live.messages.length === values.length + 1, 'all came')
    expect(live.messages.slice(0, -1)).toEqual(values)
    expect(live.messages.at(-1)).toEqual(new ArrayBuffer(0))
    expect(live.errors).toEqual([])
  })
})

describe('messages from 1 byte to 10 MB', () => {
  const sizes = [1, 125, 126, 65_535, 65_536, megabyte, 10 * megabyte]

  it('come and go whole', { tags: ['fault-82'] }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    const messages = sizes.map((size, n) => Buffer.alloc(size, n))
    messages.forEach((message) => live.connection.send(message))
    await eventually(() => live.messages.length === sizes.length, 'all came back', patienceMs)
    const areEqual = (one: readonly unknown[]): boolean =>
      messages.every((message, n) => message.equals(new Uint8Array(one[n] as ArrayBuffer)))
    expect(areEqual(server.received)).toBe(true)
    expect(areEqual(live.messages)).toBe(true)
  })

  it(
    'are refused above maxMessageBytes, and the connection stays',
    { tags: ['fault-82'] },
    async () => {
      const { connect, server } = await startLiveRig()
      const live = connect({ maxMessageBytes: megabyte, onInvalid: () => {} })
      await reached(live, 'open')
      sizes.forEach((size) => server.broadcast(Buffer.alloc(size)))
      server.broadcastJSON('x'.repeat(10 * megabyte))
      server.broadcastJSON('next')
      await eventually(() => live.messages.includes('next'), 'the next one came', patienceMs)
      expect(
        live.messages.slice(0, -1).map((message) => (message as ArrayBuffer).byteLength),
      ).toEqual(sizes.slice(0, -1))
      expect(live.errors.map(({ code }) => code)).toEqual([
        'message-too-large',
        'message-too-large',
      ])
      expect(live.sockets).toHaveLength(1)
    },
  )
})

describe('JSON', () => {
  const million = 1_000_000
  const texts: [string, string][] = [
    ['nested a million times', `${'['.repeat(million)}${']'.repeat(million)}`],
    ['of a million nested objects', `${'{"a":'.repeat(million)}1${'}'.repeat(million)}`],
    ['with a million keys', `{${Array.from({ length: million }, (_, n) => `"${n}":0`).join()}}`],
    ['with a million digits', `{"type":${'9'.repeat(million)}}`],
    ['with a million digits behind the point', `0.${'1'.repeat(million)}`],
    ['with an endless exponent', `1e${'9'.repeat(million)}`],
  ]

  it.each(texts)('%s is a message or malformed', { tags: ['fault-83'] }, async (_name, text) => {
    const { connect, server } = await startLiveRig()
    const live = connect({ onInvalid: () => {} })
    live.connection.on('message', () => {}, { topic: 'any', type: 'any' })
    await reached(live, 'open')
    server.broadcast(text)
    server.broadcastJSON('next')
    await eventually(() => live.messages.includes('next'), 'the next one came', patienceMs)
    expect(live.messages.length + live.errors.length).toBe(2)
    expect(live.errors.every(({ code }) => code === 'malformed-message')).toBe(true)
    expect(live.sockets).toHaveLength(1)
  })
})

describe('names of prototypes', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then']

  it('are topics, types and keys like any other', { tags: ['fault-84'] }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const told = new Map(names.map((name) => [name, [] as unknown[]]))
    for (const [type, messages] of told) {
      live.connection.on('message', (message) => messages.push(message), { type })
    }
    await reached(live, 'open')
    const ownKeysBefore = Reflect.ownKeys(Object.prototype)
    for (const name of names) {
      server.broadcast(`{"type":"${name}","${name}":{"isAdmin":true},"id":"${name}"}`)
    }
    await eventually(() => live.messages.length === names.length, 'all came')
    for (const [name, messages] of told) {
      expect(messages).toEqual([live.messages[names.indexOf(name)]])
      expect(Object.entries(messages[0] as object)).toContainEqual([name, { isAdmin: true }])
      expect(live.connection.getLastMessage(name)).toBe(messages[0])
    }
    expect(Reflect.ownKeys(Object.prototype)).toEqual(ownKeysBefore)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    live.messages.forEach((message) => live.connection.sendJSON(message))
    await eventually(() => server.received.length === names.length, 'all went back')
    expect(server.received).toEqual(live.messages)
    expect(live.errors).toEqual([])
  })
})

describe('unusual text', () => {
  const texts = [
    'a lone \ud800 surrogate',
    '\udc00\ud800',
    'a \0 in it',
    '\ufefffirst and last\ufeff',
    'lines\u2028and\u2029paragraphs',
    '👩‍👩‍👧',
    '👩'.slice(0, 1),
    '👩'.slice(1),
    'e\u0301 and é',
    '\u202eback to front',
    '',
  ]

  it('makes the round trip as it is', { tags: ['fault-85'] }, async () => {
    const { connect } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    for (const text of texts) live.connection.sendJSON({ type: 'echo', text, [text]: true })
    await eventually(() => live.messages.length === texts.length, 'all came back')
    expect(live.messages).toEqual(texts.map((text) => ({ type: 'echo', text, [text]: true })))
    expect(live.errors).toEqual([])
  })
})

describe('sendJSON with a value', () => {
  const tags = ['fault-86']
  const values = {
    NaN,
    '-0': -0,
    Infinity,
    'undefined inside': { a: undefined, b: [undefined] },
    'a function inside': { a: () => {} },
    Date: new Date(0),
    Map: new Map([[1, 2]]),
    Set: new Set([1]),
    RegExp: /a/,
    Error: new Error('secret'),
    'typed array': new Float32Array([1, 2]),
    proxy: new Proxy({ a: 1 }, {}),
    toJSON: { toJSON: () => 'itself' },
    'no prototype': Object.assign(Object.create(null), { a: 1 }) as object,
    'boxed text': Object('text') as unknown,
  }
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const refused: [string, unknown][] = [
    ['undefined', undefined],
    ['function', () => {}],
    ['symbol', Symbol('none')],
    ['bigint', 1n],
    ['bigint inside', { a: 1n }],
    ['cycle', cycle],
    ['getter that throws', Object.defineProperty({}, 'a', { get: throws, enumerable: true })],
    ['toJSON that throws', { toJSON: throws }],
    ['proxy whose keys throw', new Proxy({}, { ownKeys: throws })],
  ]

  function throws(): never {
    throw new Error('no')
  }

  it('that JSON can hold sends what JSON makes of it', { tags }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    const list = Object.values(values)
    const made = list.map((value): unknown => JSON.parse(JSON.stringify(value)))
    for (const value of list) expect(live.connection.sendJSON(value)).toBe('sent')
    await eventually(() => server.received.length === list.length, 'all arrived')
    expect(server.received).toEqual(made)
  })

  it.each(refused)(
    'that is no JSON (%s) throws and sends nothing',
    { tags },
    async (_name, value) => {
      const { connect, server } = await startLiveRig()
      const live = connect()
      const refuse = (): unknown =>
        expect(() => live.connection.sendJSON(value)).toThrow(
          expect.objectContaining({ code: 'encode-failed' }),
        )
      refuse()
      await Promise.resolve()
      expect(live.connection.getSnapshot().queued).toBe(0)
      await reached(live, 'open')
      refuse()
      live.connection.sendJSON('next')
      await eventually(() => server.received.length > 0, 'a message arrived')
      expect(server.received).toEqual(['next'])
      expect(live.drops).toEqual([])
    },
  )
})

describe('send with bytes', () => {
  const tags = ['fault-87']
  const bytes = (): Uint8Array<ArrayBuffer> => new Uint8Array([9, 1, 2, 9])
  const kinds: [name: string, make: () => FrameData, arrives: number[]][] = [
    ['an empty buffer', () => new ArrayBuffer(0), []],
    ['an empty view', () => bytes().subarray(4), []],
    ['a view with an offset', () => bytes().subarray(1, 3), [1, 2]],
    ['a DataView with an offset', () => new DataView(bytes().buffer, 1, 2), [1, 2]],
    ['a view of wider numbers', () => new Uint16Array(bytes().buffer, 2), [2, 9]],
    ['a Blob', () => new Blob([bytes().subarray(1, 3)]), [1, 2]],
    ['an empty Blob', () => new Blob([]), []],
    ['a view of shared memory', () => shared(bytes()), [9, 1, 2, 9]],
  ]

  function shared(content: Uint8Array): FrameData {
    const view = new Uint8Array(new SharedArrayBuffer(content.length))
    view.set(content)
    return view
  }

  function overwrite(data: FrameData): void {
    if (ArrayBuffer.isView(data)) new Uint8Array(data.buffer).fill(255)
    else if (data instanceof ArrayBuffer) new Uint8Array(data).fill(255)
  }

  it.each(kinds)('as %s sends them as they are now', { tags }, async (_name, make, arrives) => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const [queued, sent] = [make(), make()]
    expect(live.connection.send(queued)).toBe('queued')
    overwrite(queued)
    await reached(live, 'open')
    expect(live.connection.send(sent)).toBe('sent')
    overwrite(sent)
    await eventually(() => server.received.length === 2, 'both arrived')
    expect(server.received).toEqual([Buffer.from(arrives), Buffer.from(arrives)])
  })

  it.each<[string, () => FrameData]>([
    ['a buffer', () => detach(new ArrayBuffer(2))],
    ['a view', () => new Uint8Array(detach(new ArrayBuffer(2)))],
  ])('as %s that was given away throws, open or not', { tags }, async (_name, make) => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    expect(() => live.connection.send(make())).toThrow(TypeError)
    await reached(live, 'open')
    expect(() => live.connection.send(make())).toThrow(TypeError)
    live.connection.sendJSON('next')
    await eventually(() => server.received.length > 0, 'a message arrived')
    expect(server.received).toEqual(['next'])
  })

  function detach(buffer: ArrayBuffer): ArrayBuffer {
    structuredClone(buffer, { transfer: [buffer] })
    return buffer
  }

  it.each([
    ['a number', 5],
    ['null', null],
    ['undefined', undefined],
    ['an object', {}],
  ])('but given %s throws at once', { tags }, async (_name, value) => {
    const { connect } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    expect(() => live.connection.send(value as never)).toThrow(
      expect.objectContaining({ code: 'encode-failed' }),
    )
  })
})

describe('send with bytes in a page', () => {
  const tags = ['fault-87']
  const waiting = `sending.connection.getSnapshot().status === 'closed'`
  const open = `sending.connection.getSnapshot().status === 'open'`

  /** Prepares the page to send shared memory and to write down what comes of it. */
  const prepare = `{
    window.shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer
    window.drops = []
    sending.connection.on('drop', ({ reason }) => drops.push(reason))
    window.trySend = (data) => {
      try {
        return sending.connection.send(data)
      } catch ({ name }) {
        return name
      }
    }
  }`

  it('sends them as they are now, whether they have to wait or not', { tags }, async () => {
    const { page, server } = await openSendingPage()
    const kinds = [
      'new ArrayBuffer(0)',
      'new Uint8Array([9, 1, 2, 9]).subarray(1, 3)',
      'new DataView(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2)',
      'new Blob([new Uint8Array([1, 2])])',
    ]
    const sendAll = `[${kinds.map((kind) => `sending.connection.send(${kind})`).join()}]`
    await page.waitFor(open)
    expect(await page.evaluate(sendAll)).toEqual(['sent', 'sent', 'sent', 'sent'])
    await eventually(() => server.received.length === 4, 'all arrived')
    await page.evaluate('sending.connection.close()')
    await page.waitFor(waiting)
    expect(await page.evaluate(sendAll)).toEqual(['queued', 'queued', 'queued', 'queued'])
    await page.evaluate('sending.connection.reconnect()')
    await eventually(() => server.received.length === 8, 'all arrived again')
    const arrived = [[], [1, 2], [1, 2], [1, 2]].map((bytes) => Buffer.from(bytes))
    expect(server.received).toEqual([...arrived, ...arrived])
  })

  it('refuses shared memory at once, or tells that it was dropped', { tags }, async () => {
    const { page, server } = await openSendingPage()
    await page.waitFor(open)
    await page.evaluate(prepare)
    expect(await page.evaluate('trySend(new Uint8Array(shared, 0, 2))')).toBe('TypeError')
    expect(await page.evaluate('trySend(shared)')).toBe('TypeError')
    await page.evaluate('sending.connection.close()')
    // A view is copied when it has to wait, and is then not shared any more.
    expect(await page.evaluate('trySend(new Uint8Array(shared, 0, 2))')).toBe('queued')
    expect(await page.evaluate('trySend(shared)')).toBe('queued')
    await page.evaluate('sending.connection.reconnect()')
    await page.waitFor(`drops.length === 1`)
    expect(await page.evaluate('drops')).toEqual(['failed'])
    await eventually(() => server.received.length === 1, 'the view arrived')
    expect(server.received).toEqual([Buffer.from([0, 0])])
  })
})

describe('a message that is small until it is unpacked', () => {
  const tags = ['fault-89']
  const huge = 'x'.repeat(8 * megabyte)

  it('by permessage-deflate is too large, and the connection stays', { tags }, async () => {
    const { connect, server } = await startLiveRig({ compresses: true })
    const live = connect({ maxMessageBytes: megabyte, onInvalid: () => {} })
    await reached(live, 'open')
    expect(live.sockets[0]?.extensions).toContain('permessage-deflate')
    server.broadcastJSON(huge)
    server.broadcastJSON('next')
    await eventually(() => live.messages.length > 0, 'a message came', patienceMs)
    expect(live.messages).toEqual(['next'])
    expect(live.errors).toMatchObject([{ code: 'message-too-large' }])
    expect(live.sockets).toHaveLength(1)
  })

  it('by the envelope codec is not unpacked beyond the limit', { tags }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect({ codec: envelope(), maxMessageBytes: megabyte, onInvalid: () => {} })
    await reached(live, 'open')
    const bomb = gzipSync(JSON.stringify({ v: 1, d: huge }))
    expect(bomb.length).toBeLessThan(megabyte / 10)
    server.broadcast(bomb)
    server.broadcastJSON({ v: 1, d: '"next"' })
    await eventually(() => live.messages.length > 0, 'a message came', patienceMs)
    expect(live.messages).toEqual(['next'])
    expect(live.errors).toMatchObject([{ code: 'message-too-large' }])
  })
})
