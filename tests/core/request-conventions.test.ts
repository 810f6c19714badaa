import { describe, expect, it } from 'vitest'
import { byId, jsonRpc } from '../../src/core/request-conventions'
import type { RequestSupport } from '../../src/core/requests'
import { createFakeEnvironment } from '../fake-environment'

/** Requests without a connection: what they send is kept, and the test hands them messages. */
function startRequests(support: RequestSupport) {
  const sent: unknown[] = []
  const environment = createFakeEnvironment()
  const requests = support({
    environment,
    readShownUrl: () => 'wss://a.example/',
    prepare(payload, toMessage) {
      const message = toMessage(payload)
      return () => {
        sent.push(message)
        return 'sent'
      }
    },
    withdraw: () => {},
  })
  return { ...requests, sent, environment }
}

const createId = (count: number): number => count

const noAnswers = [
  null,
  undefined,
  true,
  0,
  'text',
  '',
  [],
  {},
  { id: null },
  { id: [1] },
  { ID: 1 },
]

const noObjects = [[1], 'text', 7, null, undefined, true]

describe('byId', () => {
  it('puts the id into a copy of the payload and takes the whole answer', async () => {
    const { request, take, sent } = startRequests(byId({ createId }))
    const reply = request({ op: 'balance' })
    expect(sent).toEqual([{ op: 'balance', id: 1 }])
    expect(take({ id: 1, amount: 5 })).toBe(true)
    expect(await reply).toEqual({ id: 1, amount: 5 })
  })

  it('counts its own id, not one that is in the payload', () => {
    const { request, sent } = startRequests(byId({ createId }))
    void request({ id: 'mine' })
    expect(sent).toEqual([{ id: 1 }])
  })

  it('makes ids that are text', () => {
    const { request, sent } = startRequests(byId())
    void request({})
    void request({})
    expect(sent).toEqual([{ id: 'i-1' }, { id: 'i-2' }])
  })

  it('uses another field if told so, for both directions', async () => {
    const { request, take, sent } = startRequests(byId({ field: 'ref', createId }))
    const reply = request({})
    expect(sent).toEqual([{ ref: 1 }])
    expect(take({ id: 1 })).toBe(false)
    expect(take({ ref: 1 })).toBe(true)
    expect(await reply).toEqual({ ref: 1 })
  })

  it('finds the id in another field of the answer if told so', async () => {
    const options = { field: 'id', answerField: 'inReplyTo', createId }
    const { request, take, sent } = startRequests(byId(options))
    const reply = request({})
    expect(sent).toEqual([{ id: 1 }])
    expect(take({ id: 1 })).toBe(false)
    expect(take({ id: 7, inReplyTo: 1 })).toBe(true)
    expect(await reply).toEqual({ id: 7, inReplyTo: 1 })
  })

  it('tells a number from the same in text', () => {
    const { request, take } = startRequests(byId({ createId }))
    void request({})
    expect(take({ id: '1' })).toBe(false)
  })

  it.each(noAnswers)('takes no notice of %j', (message) => {
    const { request, take, environment } = startRequests(byId({ createId }))
    void request({})
    expect(take(message)).toBe(false)
    expect(environment.reportedErrors).toEqual([])
  })

  it.each(noObjects)('refuses the payload %j, which cannot take an id', async (payload) => {
    const { request, sent } = startRequests(byId())
    await expect(request(payload)).rejects.toMatchObject({
      code: 'encode-failed',
      message: expect.stringContaining('has to be an object') as string,
    })
    expect(sent).toEqual([])
  })

  it.each([{ code: 7 }, 'no', '', 0, true])(
    'makes an answer with the error %j a failure',
    async (error) => {
      const { request, take } = startRequests(byId({ createId }))
      const reply = request({})
      take({ id: 1, error })
      await expect(reply).rejects.toMatchObject({ code: 'request-failed', cause: error })
    },
  )

  it.each([null, undefined, false])('makes an answer with the error %j none', async (error) => {
    const { request, take } = startRequests(byId({ createId }))
    const reply = request({})
    take({ id: 1, error })
    expect(await reply).toEqual({ id: 1, error })
  })

  it('leaves it to `read`, if that is given, what is a failure', async () => {
    const read = (answer: unknown): unknown => {
      const { ok, value } = answer as { ok: boolean; value: unknown }
      if (!ok) throw new RangeError(String(value))
      return value
    }
    const { request, take } = startRequests(byId({ read, createId }))
    const replies = [request({}), request({})] as const
    take({ id: 1, ok: true, value: 5, error: 'only a warning' })
    take({ id: 2, ok: false, value: 'too much' })
    expect(await replies[0]).toBe(5)
    await expect(replies[1]).rejects.toMatchObject({
      code: 'request-failed',
      cause: new RangeError('too much'),
    })
  })
})

describe('jsonRpc', () => {
  it('asks as JSON-RPC 2.0 says and gives the result', async () => {
    const { request, take, sent } = startRequests(jsonRpc())
    const reply = request({ method: 'subtract', params: [42, 23] })
    expect(sent).toEqual([{ jsonrpc: '2.0', id: 'i-1', method: 'subtract', params: [42, 23] }])
    expect(take({ jsonrpc: '2.0', id: 'i-1', result: 19 })).toBe(true)
    expect(await reply).toBe(19)
  })

  it('takes other ids if told so', () => {
    const { request, sent } = startRequests(jsonRpc({ createId }))
    void request({ method: 'first' })
    void request({ method: 'second' })
    expect(sent).toMatchObject([{ id: 1 }, { id: 2 }])
  })

  it('says which version and id it is, whatever is in the payload', () => {
    const { request, sent } = startRequests(jsonRpc({ createId }))
    void request({ method: 'first', jsonrpc: '1.0', id: 'mine' })
    expect(sent).toEqual([{ method: 'first', jsonrpc: '2.0', id: 1 }])
  })

  it.each([null, 0, false, ''])('gives the result %j', async (result) => {
    const { request, take } = startRequests(jsonRpc({ createId }))
    const reply = request({ method: 'ask' })
    take({ jsonrpc: '2.0', id: 1, result })
    expect(await reply).toBe(result)
  })

  it('makes an error of the server a failure, with its error object as the cause', async () => {
    const { request, take } = startRequests(jsonRpc({ createId }))
    const reply = request({ method: 'nonsense' })
    const error = { code: -32601, message: 'Method not found', data: { hint: 'none' } }
    expect(take({ jsonrpc: '2.0', id: 1, error })).toBe(true)
    await expect(reply).rejects.toMatchObject({ code: 'request-failed', cause: error })
  })

  it('leaves requests of the server alone, also with an id that is ours, too', async () => {
    const { request, take } = startRequests(jsonRpc({ createId }))
    const reply = request({ method: 'ask' })
    expect(take({ jsonrpc: '2.0', id: 1, method: 'confirm', params: [] })).toBe(false)
    expect(take({ jsonrpc: '2.0', method: 'changed' })).toBe(false)
    expect(take({ jsonrpc: '2.0', id: null, error: { code: -32700 } })).toBe(false)
    expect(take({ jsonrpc: '2.0', id: 1, result: 'answer' })).toBe(true)
    expect(await reply).toBe('answer')
  })

  it.each(noAnswers)('takes no notice of %j', (message) => {
    const { request, take, environment } = startRequests(jsonRpc({ createId }))
    void request({ method: 'ask' })
    expect(take(message)).toBe(false)
    expect(environment.reportedErrors).toEqual([])
  })

  it.each(noObjects)('refuses the payload %j, which cannot take an id', async (payload) => {
    const { request, sent } = startRequests(jsonRpc())
    await expect(request(payload)).rejects.toMatchObject({ code: 'encode-failed' })
    expect(sent).toEqual([])
  })
})
