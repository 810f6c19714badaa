import { expect, it, onTestFinished, vi } from 'vitest'
import { defaultPool, getConnection } from '../../src/core/default-pool'
import { createFakeEnvironment } from '../fake-environment'

it('gives everybody the same connection for the same URL, however it is written', () => {
  const connection = getConnection('wss://same.example/live')
  expect(getConnection('wss://same.example/live')).toBe(connection)
  expect(getConnection(new URL('https://same.example/live'))).toBe(connection)
  expect(defaultPool('wss://same.example/live').find()).toBe(connection)
})

it('gives another one for another URL, other subprotocols and another key', () => {
  const connections = [
    getConnection('wss://apart.example/live'),
    getConnection('wss://apart.example/other'),
    getConnection('wss://apart.example/live', { protocols: 'chat' }),
    getConnection('wss://apart.example/live', { key: 'mine' }),
  ]
  expect(new Set(connections).size).toBe(4)
  expect(getConnection('wss://apart.example/live', { key: 'mine' })).toBe(connections[3])
})

it('never sends to another URL than the one that was named, whatever the key', () => {
  const connection = getConnection('wss://here.example/', { key: 'mine' })
  expect(getConnection('wss://there.example/', { key: 'mine' })).not.toBe(connection)
})

it('never forgets it, and takes the options that were given', async () => {
  const environment = createFakeEnvironment()
  const options = { environment, params: { token: 't' }, lingerMs: 10 }
  const connection = getConnection('wss://kept.example/live', options)
  const release = connection.lease()
  await environment.advance(0)
  expect(environment.newestSocket().url).toBe('wss://kept.example/live?token=t')
  release()
  await environment.advance(60_000)
  expect(connection.getSnapshot().status).toBe('idle')
  expect(getConnection('wss://kept.example/live')).toBe(connection)
})

it('takes the options that come with a later call if there were none before', async () => {
  const environment = createFakeEnvironment()
  const connection = getConnection('wss://later.example/live')
  for (let call = 0; call < 3; call += 1) getConnection('wss://later.example/live')
  getConnection('wss://later.example/live', { environment })
  connection.lease()
  await environment.advance(0)
  expect(environment.sockets).toHaveLength(1)
})

it('keeps the options that were given when a later call gives none', async () => {
  const environment = createFakeEnvironment()
  const options = { environment, params: { token: 't' } }
  const connection = getConnection('wss://given.example/live', options)
  getConnection('wss://given.example/live')
  connection.lease()
  await environment.advance(0)
  expect(environment.newestSocket().url).toBe('wss://given.example/live?token=t')
})

it('warns in development if two calls give different options', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  getConnection('wss://differing.example/live', { lingerMs: 1 })
  getConnection('wss://differing.example/live', { lingerMs: 2 })
  expect(warn.mock.calls).toEqual([[expect.stringContaining('lingerMs')]])
})

it('takes the options of the first who gave any', async () => {
  const environment = createFakeEnvironment()
  const connection = getConnection('wss://first.example/live')
  getConnection('wss://first.example/live', { environment, params: { token: 't' } })
  connection.lease()
  await environment.advance(0)
  expect(environment.newestSocket().url).toBe('wss://first.example/live?token=t')
})
