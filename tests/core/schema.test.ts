import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { InvalidMessage } from '../../src/core/connection-options'
import { WirehookError } from '../../src/core/errors'
import {
  validate,
  type MessageSchema,
  type SchemaIssue,
  type StandardSchema,
} from '../../src/core/schema'
import { recordConnection } from './recorded-connection'

function createSchema(
  check: StandardSchema<unknown, unknown>['~standard']['validate'],
): StandardSchema<unknown, unknown> {
  return { '~standard': { version: 1, vendor: 'test', validate: check } }
}

const accept = createSchema((value) => ({ value }))
const refuse = createSchema(() => ({ issues: [{ message: 'no' }] }))

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('without a schema', () => {
  it('every message is as it is', () => {
    const message = { any: 'thing' }
    expect(validate(undefined, message, () => 'x')).toEqual({ value: message })
  })
})

describe('a schema', () => {
  it('gives the message that counts', () => {
    const schema = createSchema((value) => ({ value: { was: value } }))
    expect(validate(schema, 1, () => 'x')).toEqual({ value: { was: 1 } })
  })

  it('may give nothing, which is a message, too', () => {
    expect(
      validate(
        createSchema(() => ({ value: undefined })),
        1,
        () => 'x',
      ),
    ).toEqual({ value: undefined })
  })

  it('may give what looks like a promise', () => {
    const value: unknown = Object.fromEntries(new Map([['then', () => {}]]))
    const schema = createSchema(() => ({ value }))
    expect(validate(schema, 1, () => 'x')).toEqual({ value })
  })

  it('refuses with what it found wrong as the cause', () => {
    const error = thrownBy(() => validate(refuse, 1, () => 'the subject'))
    expect(error).toBeInstanceOf(WirehookError)
    expect(error).toMatchObject({ code: 'invalid-message', cause: [{ message: 'no' }] })
    expect((error as Error).message).toContain('the subject')
  })

  it('may take its time, in both cases', async () => {
    const slowly = (schema: StandardSchema<unknown, unknown>): StandardSchema<unknown, unknown> =>
      createSchema(async (value) => Promise.resolve(schema['~standard'].validate(value)))
    expect(await validate(slowly(accept), 1, () => 'x')).toEqual({ value: 1 })
    await expect(validate(slowly(refuse), 1, () => 'x')).rejects.toMatchObject({
      code: 'invalid-message',
      cause: [{ message: 'no' }],
    })
  })
})

describe('a schema for each type', () => {
  const schemas = { a: accept, b: refuse }

  it('is chosen by the type', () => {
    expect(validate(schemas, { type: 'a' }, () => 'x')).toEqual({ value: { type: 'a' } })
    expect(thrownBy(() => validate(schemas, { type: 'b' }, () => 'x'))).toMatchObject({
      code: 'invalid-message',
      cause: [{ message: 'no' }],
    })
  })

  it.each([
    { type: 'c' },
    { type: ['a'] },
    { type: 'toString' },
    { type: '__proto__' },
    { type: 'constructor' },
    { type: null },
    {},
    'a',
    null,
    undefined,
    ['a'],
  ])('refuses %o, for which there is none', (message) => {
    expect(thrownBy(() => validate(schemas, message, () => 'x'))).toMatchObject({
      code: 'invalid-message',
      cause: [{ message: 'There is no schema for this type.' }],
    })
  })

  it('refuses a message that cannot be read', () => {
    const cause = new Error('unreadable')
    const message = {
      get type(): never {
        throw cause
      },
    }
    expect(thrownBy(() => validate(schemas, message, () => 'x'))).toMatchObject({
      code: 'invalid-message',
      cause,
    })
  })
})

function expectIssues(issues: unknown): void {
  const texts = Array.from(issues as readonly SchemaIssue[], ({ message }) => message)
  expect(texts.join()).toMatch(/\w/)
}

/** The same message for each library: a number that comes as text, in a union by `type`. */
const libraries = {
  zod: {
    both: z.discriminatedUnion('type', [
      z.object({ type: z.literal('price'), at: z.string().transform((text) => Number(text)) }),
      z.object({ type: z.literal('alert'), text: z.string() }),
    ]),
    price: z.object({
      type: z.literal('price'),
      at: z.string().transform((text) => Number(text)),
    }),
    alert: z.object({ type: z.literal('alert'), text: z.string() }),
  },
  valibot: {
    both: v.variant('type', [
      v.object({ type: v.literal('price'), at: v.pipe(v.string(), v.transform(Number)) }),
      v.object({ type: v.literal('alert'), text: v.string() }),
    ]),
    price: v.object({ type: v.literal('price'), at: v.pipe(v.string(), v.transform(Number)) }),
    alert: v.object({ type: v.literal('alert'), text: v.string() }),
  },
  arktype: {
    both: type({ type: "'price'", at: 'string.numeric.parse' }).or({
      type: "'alert'",
      text: 'string',
    }),
    price: type({ type: "'price'", at: 'string.numeric.parse' }),
    alert: type({ type: "'alert'", text: 'string' }),
  },
}

/** One schema, and one for each type, of each library. */
const cases: readonly (readonly [name: string, schema: MessageSchema])[] = Object.entries(
  libraries,
).flatMap(([name, { both, price, alert }]) => [
  [name, both] as const,
  [`${name} by type`, { price, alert }] as const,
])

const priceIn = { type: 'price', at: '12' }
const priceOut = { type: 'price', at: 12 }
const alert = { type: 'alert', text: 'fire' }
const invalid = { type: 'price', at: 12 }

describe.each(cases)('%s', (_, schema) => {
  it('gives listeners what it makes of a message that comes', async () => {
    const { open, connection, messages, log } = recordConnection({ incoming: schema })
    const socket = await open()
    socket.receive(priceIn)
    socket.receive(alert)
    expect(messages).toEqual([priceOut, alert])
    expect(connection.getLastMessage('price')).toEqual(priceOut)
    expect(log).toEqual(['open', 'message', 'message'])
  })

  it('refuses one that is invalid, counts it and tells; the connection stays (R9)', async () => {
    const refused: InvalidMessage[] = []
    const { open, connection, environment, messages, errors, log } = recordConnection({
      incoming: schema,
      onInvalid: (message) => refused.push(message),
    })
    const socket = await open()
    socket.receive(invalid)
    socket.receive({ type: 'other' })
    socket.receive(alert)
    await environment.advance(0)
    expect(log).toEqual(['open', 'error', 'error', 'message'])
    expect(messages).toEqual([alert])
    expect(errors.map(({ code }) => code)).toEqual(['invalid-message', 'invalid-message'])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 2 })
    expect(refused.map(({ data }) => data)).toEqual([JSON.stringify(invalid), '{"type":"other"}'])
    expect(refused.map(({ error }) => error)).toEqual(errors)
    for (const { issues, error } of refused) {
      expect(issues).toBe(error.cause)
      expectIssues(issues)
    }
  })

  it('sends what it makes of a message', async () => {
    const { open, connection } = recordConnection({ outgoing: schema })
    const socket = await open()
    expect(connection.sendJSON(priceIn)).toBe('sent')
    expect(socket.sentJSON()).toEqual([priceOut])
  })

  it('throws for one that is invalid, which takes no place in the queue', async () => {
    const { start, connection, environment, drops, errors } = recordConnection({
      outgoing: schema,
      queue: { maxMessages: 1, overflow: 'drop-oldest' },
    })
    connection.sendJSON(alert)
    const error = thrownBy(() => connection.sendJSON(invalid)) as WirehookError
    expect(error).toMatchObject({ name: 'WirehookError', code: 'invalid-message' })
    expectIssues(error.cause)
    await start()
    await environment.newestSocket().open()
    expect(environment.newestSocket().sentJSON()).toEqual([alert])
    expect([drops, errors]).toEqual([[], []])
    expect(connection.getSnapshot().invalidMessages).toBe(0)
  })
})

describe('a schema that takes its time', () => {
  const slowZod = z.object({ n: z.number() }).refine(async ({ n }) => Promise.resolve(n >= 0))
  const slowValibot = v.pipeAsync(
    v.object({ n: v.number() }),
    v.checkAsync(async ({ n }) => Promise.resolve(n >= 0)),
  )

  describe.each([
    ['zod', slowZod],
    ['valibot', slowValibot],
  ])('from %s', (_, schema) => {
    it('keeps the order of what comes, and refuses what is invalid in its place', async () => {
      const { open, environment, messages, log } = recordConnection({ incoming: schema })
      const socket = await open()
      for (const n of [1, -2, 3, 'four', 5]) socket.receive({ n })
      expect(messages).toEqual([])
      await environment.advance(0)
      expect(messages).toEqual([{ n: 1 }, { n: 3 }, { n: 5 }])
      expect(log).toEqual(['open', 'message', 'error', 'message', 'error', 'message'])
    })

    it('keeps the order of what goes, and says that something was invalid', async () => {
      const { open, connection, environment, errors, drops } = recordConnection({
        outgoing: schema,
      })
      const socket = await open()
      expect(connection.sendJSON({ n: 1 })).toBe('queued')
      expect(connection.sendJSON({ n: -2 })).toBe('queued')
      expect(connection.sendJSON({ n: 3 })).toBe('queued')
      expect(connection.send('{"n":4}')).toBe('queued')
      await environment.advance(0)
      expect(socket.sentJSON()).toEqual([{ n: 1 }, { n: 3 }, { n: 4 }])
      expect(errors).toMatchObject([{ code: 'invalid-message' }])
      expect(drops).toEqual([{ data: null, reason: 'failed' }])
      expect(connection.getSnapshot()).toMatchObject({ status: 'open', queued: 0 })
    })
  })
})

describe('a schema that fails instead of answering', () => {
  const explode = (): never => {
    throw new Error('schema')
  }

  it.each([
    ['throws', createSchema(explode)],
    ['rejects', createSchema(async () => Promise.reject(new Error('schema')))],
  ])('and %s makes a message that comes an invalid one', async (_, incoming) => {
    const { open, environment, errors, connection } = recordConnection({ incoming })
    const socket = await open()
    socket.receive(1)
    await environment.advance(0)
    expect(errors).toMatchObject([{ code: 'invalid-message', cause: { message: 'schema' } }])
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
  })

  it('and throws makes sendJSON throw invalid-message', async () => {
    const { open, connection } = recordConnection({ outgoing: createSchema(explode) })
    await open()
    expect(thrownBy(() => connection.sendJSON(1))).toMatchObject({
      code: 'invalid-message',
      cause: { message: 'schema' },
    })
  })

  it('and rejects makes an error event of a message that goes', async () => {
    const { open, connection, environment, errors } = recordConnection({
      outgoing: createSchema(async () => Promise.reject(new Error('schema'))),
    })
    await open()
    connection.sendJSON(1)
    await environment.advance(0)
    expect(errors).toMatchObject([{ code: 'invalid-message', cause: { message: 'schema' } }])
  })
})

it('a map of schemas takes types that are numbers', async () => {
  const { open, connection, environment, messages } = recordConnection({
    incoming: { 1: z.object({ type: z.literal(1) }) },
  })
  const socket = await open()
  socket.receive({ type: 1 })
  socket.receive({ type: 2 })
  await environment.advance(0)
  expect(messages).toEqual([{ type: 1 }])
  expect(connection.getSnapshot().invalidMessages).toBe(1)
})

it('a handshake is not checked; what it leaves for listeners is', async () => {
  const { start, environment, messages, connection } = recordConnection({
    incoming: { price: z.object({ type: z.literal('price') }) },
    handshake: async ({ receive }) =>
      void (await receive<{ type: string }>((message) => message.type === 'auth-ok')),
    onInvalid() {},
  })
  await start()
  const socket = environment.newestSocket()
  await socket.open()
  socket.receive({ type: 'price' })
  socket.receive({ type: 'gossip' })
  socket.receive({ type: 'auth-ok' })
  await environment.advance(0)
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', invalidMessages: 1 })
  expect(messages).toEqual([{ type: 'price' }])
})
