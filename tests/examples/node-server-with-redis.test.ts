import { describe, expect, it, vi } from 'vitest'
import { findRedis } from '../../scripts/services.mjs'
import { openedTimes } from '../rig/live-rig'
import { eventually } from '../rig/waiting'
import { heard, hears, joinedChat, remembered, say } from './chat-clients'
import { startNodeServer } from './chat-server'
import { neededProgram } from './needed-program'
import { startRedis } from './redis'

const executable = neededProgram('redis-server', findRedis())

describe.skipIf(executable === undefined)('two nodes of the Node server over Redis', () => {
  /** Two nodes, with somebody at each. */
  async function startTwoNodes() {
    const redis = await startRedis(executable ?? '')
    const settings = { REDIS_URL: redis.url }
    const [first, second] = await Promise.all([
      startNodeServer(settings),
      startNodeServer(settings),
    ])
    const [ada, bob] = await Promise.all([
      joinedChat(first.roomUrl(), { user: 'ada' }),
      joinedChat(second.roomUrl(), { user: 'bob' }),
    ])
    return { redis, first, second, ada, bob }
  }

  it('tell each other what is said, in order, and each client once', async () => {
    const { ada, bob } = await startTwoNodes()
    const texts = Array.from({ length: 50 }, (_, n) => `text ${n}`)
    for (const text of texts) ada.connection.sendJSON(say(text))
    const expected = texts.map((text) => `ada: ${text}`)
    await hears(bob, ...expected)
    await hears(ada, ...expected)
    bob.connection.sendJSON(say('heard'))
    await hears(ada, ...expected, 'bob: heard')
  })

  it('keep the rooms apart', async () => {
    const { first, second, ada, bob } = await startTwoNodes()
    const [eve, mallory] = await Promise.all([
      joinedChat(first.roomUrl('cellar'), { user: 'eve' }),
      joinedChat(second.roomUrl('cellar'), { user: 'mallory' }),
    ])
    eve.connection.sendJSON(say('psst'))
    await hears(mallory, 'eve: psst')
    ada.connection.sendJSON(say('hello'))
    await hears(bob, 'ada: hello')
    expect(heard(eve)).toEqual(['eve: psst'])
  })

  it('remember together what was said, also when one of them is new', async () => {
    const { redis, ada } = await startTwoNodes()
    ada.connection.sendJSON(say('before'))
    await hears(ada, 'ada: before')
    const third = await startNodeServer({ REDIS_URL: redis.url })
    const eve = await joinedChat(third.roomUrl(), { user: 'eve' })
    expect(remembered(eve)).toEqual(['before'])
  })

  it('take a message once that is sent again to the other node', async () => {
    const { second, ada, bob } = await startTwoNodes()
    const adaElsewhere = await joinedChat(second.roomUrl(), { user: 'ada' })
    const message = say('once')
    ada.connection.sendJSON(message)
    adaElsewhere.connection.sendJSON(message)
    ada.connection.sendJSON(say('end'))
    await hears(bob, 'ada: once', 'ada: end')
  })

  it('listen to a room only while somebody is in it', async () => {
    const { redis, first, ada, bob } = await startTwoNodes()
    ada.connection.sendJSON(say('one'))
    await hears(bob, 'ada: one')
    expect(await redis.countSubscribers('chat:lobby')).toBe(2)
    ada.release()
    await vi.waitFor(async () => expect(await redis.countSubscribers('chat:lobby')).toBe(1))
    bob.connection.sendJSON(say('two'))
    await hears(bob, 'ada: one', 'bob: two')
    const back = await joinedChat(first.roomUrl(), { user: 'ada' })
    expect(remembered(back)).toEqual(['one', 'two'])
    bob.connection.sendJSON(say('three'))
    await hears(back, 'bob: three')
  })

  it('say to try again later while Redis is away, and go on when it is back', async () => {
    const { redis, first, ada, bob } = await startTwoNodes()
    const eve = await joinedChat(first.roomUrl(), { user: 'eve' })
    const silent = [eve, bob]
    await redis.stop()
    ada.connection.sendJSON(say('lost'))
    await eventually(() => ada.closes.length === 1, 'ada was told')
    expect(ada.closes).toMatchObject([{ code: 1013, by: 'server' }])
    await redis.start()
    const isToldAgain = () => silent.every(({ messages }) => messages.length > 1)
    await eventually(isToldAgain, 'both nodes have found it again', 10_000)
    expect(silent.flatMap(({ closes }) => closes)).toEqual([])
    ada.connection.reconnect()
    await openedTimes(ada, 2)
    ada.connection.sendJSON(say('back'))
    await hears(bob, 'ada: back')
  })
})
