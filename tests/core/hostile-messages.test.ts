import { afterEach, describe, expect, it, vi } from 'vitest'
import { json, refusePrototypeKeys } from '../../src/codecs/json'
import type { ConnectionOptions } from '../../src/core/connection-options'
import { createConnectionPool } from '../../src/core/connection-pool'
import { byId } from '../../src/core/request-conventions'
import type { StandardSchema } from '../../src/core/schema'
import { recordConnection } from './recorded-connection'

/** Deeper than any recursion gets. */
const depth = 1_000_000
const deepText = `${'['.repeat(depth)}${']'.repeat(depth)}`
const deepObjectText = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

const anything: StandardSchema = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
}

function readPrototypes(): unknown {
  return [Object.prototype, Array.prototype, Function.prototype, Promise.prototype].map(
    (prototype) => Reflect.ownKeys(prototype),
  )
}

const prototypesBefore = readPrototypes()

afterEach(() => {
  expect(readPrototypes()).toEqual(prototypesBefore)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})

/** Without recursion, which is what a deep value would break. */
function measureDepth(value: unknown): number {
  let levels = 0
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown) levels += 1
  return levels
}

describe('text that looks like a page', () => {
  it('stays text', async () => {
    const { connection, messages, open } = recordConnection()
    const socket = await open()
    const text = '<img src=x onerror="globalThis.isHacked = true"><script>isHacked = 1</script>'
    socket.receive({ type: text, text })
    expect(messages).toEqual([{ type: text, text }])
    expect(connection.getLastMessage(text)).toBe(messages[0])
    expect(globalThis).not.toHaveProperty('isHacked')
  })
})

describe('a message with keys of prototypes', () => {
  const hostile = [
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
    '{"type":"__proto__","__proto__":{"type":"admin"}}',
    '{"type":{"__proto__":{"isAdmin":true}}}',
    '{"id":"__proto__","__proto__":{"error":"none"}}',
  ]

  const settings: [string, ConnectionOptions][] = [
    ['without options', {}],
    ['with a schema', { incoming: anything }],
    ['with a topic', { topicOf: (message) => (message as { topic?: string }).topic }],
    ['with a heartbeat', { heartbeat: { reply: () => undefined } }],
  ]

  it.each(settings)('reaches listeners as it is, %s', async (_name, options) => {
    const { connection, environment, messages, open } = recordConnection(options)
    const socket = await open()
    void connection.request({}, { timeoutMs: 0 })
    hostile.forEach(socket.receiveFrame)
    expect(messages.map((message) => JSON.stringify(message))).toEqual(hostile)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(environment.reportedErrors).toEqual([])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 0 })
  })

  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

  it.each(names)('is found by the topic %s, which nobody else hears of', async (topic) => {
    const { connection, open } = recordConnection()
    const told: unknown[] = []
    connection.on('message', (message) => told.push(message), { topic })
    connection.on('message', (message) => told.push(message), { type: topic })
    const socket = await open()
    expect(connection.getLastMessage(topic)).toBeUndefined()
    socket.receive({ type: 'other' })
    socket.receive({ type: topic })
    expect(told).toEqual([{ type: topic }, { type: topic }])
    expect(connection.getLastMessage(topic)).toEqual({ type: topic })
  })

  it.each(names)('finds no schema for the type %s', async (type) => {
    const { errors, messages, open } = recordConnection({
      incoming: { price: anything },
      onInvalid: () => {},
    })
    const socket = await open()
    socket.receive({ type })
    socket.receive({ type: 'price' })
    expect(errors).toMatchObject([{ code: 'invalid-message' }])
    expect(messages).toEqual([{ type: 'price' }])
  })

  it.each(names)('answers no request by the id %s', async (id) => {
    const { environment, messages, open, connection } = recordConnection()
    const socket = await open()
    void connection.request({}, { timeoutMs: 0 })
    socket.receive({ id })
    expect(messages).toEqual([{ id }])
    expect(environment.reportedErrors).toEqual([])
  })

  it('may be asked about with such an id', async () => {
    const { connection, open } = recordConnection({
      requests: byId({ createId: () => '__proto__' }),
    })
    const socket = await open()
    const reply = connection.request({ op: 'a' })
    expect(socket.sent).toEqual(['{"op":"a","id":"__proto__"}'])
    socket.receive({ id: '__proto__', result: 1 })
    expect(await reply).toEqual({ id: '__proto__', result: 1 })
  })

  it('is sent on as it came', async () => {
    const { connection, open } = recordConnection()
    connection.on('message', (message) => connection.sendJSON(message))
    const socket = await open()
    hostile.forEach(socket.receiveFrame)
    expect(socket.sent).toEqual(hostile)
  })

  it('takes its id as its own, whatever a request is called', async () => {
    const { connection, open } = recordConnection({
      requests: byId({ field: '__proto__', createId: () => 'x' }),
    })
    const socket = await open()
    void connection.request({ op: 'a' }, { timeoutMs: 0 })
    expect(socket.sent).toEqual(['{"op":"a","__proto__":"x"}'])
  })
})

describe('a lone surrogate', () => {
  it('reaches listeners, topics and schemas as it came', async () => {
    const { connection, messages, open } = recordConnection({ incoming: anything })
    const socket = await open()
    socket.receiveFrame('{"type":"\\ud800","text":"a\\udc00z"}')
    expect(messages).toEqual([{ type: '\ud800', text: 'a\udc00z' }])
    expect(connection.getLastMessage('\ud800')).toBe(messages[0])
  })

  it('is sent as an escape that every server can read', async () => {
    const { connection, open } = recordConnection()
    connection.sendJSON({ text: 'a\udc00z' })
    expect((await open()).sent).toEqual(['{"text":"a\\udc00z"}'])
  })

  it('may be sent as it is, and counts in the queue as what it is sent as', async () => {
    const { connection, open } = recordConnection({ queue: { maxBytes: 3 } })
    expect(connection.send('\ud800')).toBe('queued')
    expect(() => connection.send('x')).toThrow(expect.objectContaining({ code: 'queue-full' }))
    expect((await open()).sent).toEqual(['\ud800'])
  })
})

describe('JSON a million levels deep', () => {
  const settings: [string, ConnectionOptions][] = [
    ['without options', {}],
    ['with a schema', { incoming: anything }],
    ['with a schema for each type', { incoming: { price: anything }, onInvalid: () => {} }],
    ['with topics', { topicOf: (message) => (message as { topic?: string }).topic }],
    ['with a heartbeat', { heartbeat: { reply: () => undefined } }],
  ]

  it.each(settings)('does no harm %s', async (_name, options) => {
    const { connection, environment, errors, messages, open } = recordConnection(options)
    connection.on('message', () => {}, { topic: 'any', type: 'any' })
    const socket = await open()
    void connection.request({}, { timeoutMs: 0 })
    socket.receiveFrame(deepObjectText)
    expect(messages.length + errors.length).toBe(1)
    socket.receive({ type: 'price' })
    expect(messages.at(-1)).toEqual({ type: 'price' })
    expect(environment.reportedErrors).toEqual([])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({
      status: 'open',
      invalidMessages: errors.length,
    })
  })

  it('is either all there or a malformed message', async () => {
    const { errors, messages, open } = recordConnection({ onInvalid: () => {} })
    const socket = await open()
    socket.receiveFrame(deepText)
    const whole = messages.map(measureDepth)
    const refused = errors.map(({ code }) => code)
    expect([...whole, ...refused]).toEqual(refused.length ? ['malformed-message'] : [depth])
  })

  it('is a malformed message where a reviver looks at every value', async () => {
    const { connection, environment, errors, messages, open } = recordConnection({
      codec: json({ reviver: refusePrototypeKeys }),
      onInvalid: () => {},
    })
    const socket = await open()
    socket.receiveFrame(deepText)
    socket.receive('next')
    expect(errors.map(({ code }) => code)).toEqual(['malformed-message'])
    expect(messages).toEqual(['next'])
    await environment.advance(0)
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
  })

  it('is a malformed message if it is cut short', async () => {
    const { errors, open } = recordConnection({ onInvalid: () => {} })
    const socket = await open()
    socket.receiveFrame(deepText.slice(0, -1))
    expect(errors.map(({ code }) => code)).toEqual(['malformed-message'])
  })

  it('may be the answer to a request', async () => {
    const { connection, open } = recordConnection({ requests: byId({ createId: () => 1 }) })
    const socket = await open()
    const reply = connection.request<{ rows: unknown }>({})
    socket.receiveFrame(`{"id":1,"rows":${deepText}}`)
    const { rows } = await reply
    expect(measureDepth(rows)).toBe(depth)
  })

  it('cannot be sent, and takes no place in the queue', async () => {
    const { connection, environment } = recordConnection()
    const deep: unknown = JSON.parse(deepText)
    expect(() => connection.sendJSON(deep)).toThrow(
      expect.objectContaining({ code: 'encode-failed' }),
    )
    await expect(connection.request({ deep })).rejects.toMatchObject({ code: 'encode-failed' })
    await environment.advance(0)
    expect(connection.getSnapshot().queued).toBe(0)
  })

  it('in the options of two users is not compared', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const pool = createConnectionPool()
    const deep: unknown = JSON.parse(deepText)
    for (const intervalMs of [1000, 1000]) {
      const user = pool('key')
      const heartbeat = { intervalMs, ping: deep }
      user.ask({ url: 'wss://deep.example/', own: { heartbeat, lingerMs: 1 } })
      user.keep()
    }
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})
