import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { AttemptContext } from '../../src/core'
import {
  converse,
  emptyConversation,
  type ConversationEvent,
} from '../../stories/chat/conversation'
import { openedTimes, reached, type RecordedConnection } from '../rig/live-rig'
import { startFaultProxy } from '../rig/network/fault-proxy'
import { eventually, quietTime } from '../rig/waiting'
import {
  connectRaw,
  enterRaw,
  heard,
  hears,
  joinChat,
  joinedChat,
  refusedStatus,
  remembered,
  say,
  tokenFor,
} from './chat-clients'
import { origin, type ChatServer, type ServerSettings } from './chat-server'

export interface ServerUnderTest {
  readonly name: string
  readonly isSkipped: boolean
  start(settings?: ServerSettings): Promise<ChatServer>
  /** The code it closes with when it is asked to end. */
  readonly endCode: number
}

/** What each chat server of the examples does. */
export function describeChatServer(server: ServerUnderTest): void {
  describe.skipIf(server.isSkipped)(server.name, () => {
    describeStart(server)
    describeRooms(server)
    describeTokens(server)
    describeDoor(server)
    describeLimits(server)
    describeAbsence(server)
    describeEnd(server)
  })
}

function describeStart({ start }: ServerUnderTest): void {
  it('does not start without a secret, with which everybody could make tokens', async () => {
    await expect(start({ TOKEN_SECRET: '' })).rejects.toThrow('Set TOKEN_SECRET')
  })

  it('takes spaces between origins', async () => {
    const { roomUrl } = await start({ ORIGINS: `https://elsewhere.example, ${origin}` })
    await joinedChat(roomUrl())
  })
}

function describeRooms({ start }: ServerUnderTest): void {
  it('tells everybody in a room what is said in it, and nobody else', async () => {
    const { roomUrl } = await start()
    const [ada, bob, eve] = await Promise.all([
      joinedChat(roomUrl('lobby'), { user: 'ada' }),
      joinedChat(roomUrl('lobby'), { user: 'bob' }),
      joinedChat(roomUrl('cellar'), { user: 'eve' }),
    ])
    ada.connection.sendJSON(say('hello'))
    await hears(bob, 'ada: hello')
    bob.connection.sendJSON(say('hi'))
    eve.connection.sendJSON(say('anybody?'))
    for (const member of [ada, bob]) await hears(member, 'ada: hello', 'bob: hi')
    await hears(eve, 'eve: anybody?')
  })

  it('tells who comes later, and who asks, what was said before', async () => {
    const { roomUrl } = await start()
    const ada = await joinedChat(roomUrl())
    for (const text of ['one', 'two']) ada.connection.sendJSON(say(text))
    await hears(ada, 'ada: one', 'ada: two')
    const bob = await joinedChat(roomUrl())
    expect(remembered(bob)).toEqual(['one', 'two'])
    ada.connection.sendJSON({ type: 'replay' })
    await eventually(() => remembered(ada).length === 2, 'the history has come again')
  })

  it('keeps the newest 50 messages', async () => {
    const { roomUrl } = await start()
    const ada = await joinedChat(roomUrl())
    const texts = Array.from({ length: 60 }, (_, n) => `text ${n}`)
    for (const text of texts) ada.connection.sendJSON(say(text))
    await hears(ada, ...texts.map((text) => `ada: ${text}`))
    const bob = await joinedChat(roomUrl())
    expect(remembered(bob)).toEqual(texts.slice(-50))
  })

  it('takes a message that is sent again once, and the same id of somebody else too', async () => {
    const { roomUrl } = await start()
    const [ada, bob] = await Promise.all([
      joinedChat(roomUrl(), { user: 'ada' }),
      joinedChat(roomUrl(), { user: 'bob' }),
    ])
    const message = say('once')
    ada.connection.sendJSON(message)
    ada.connection.sendJSON(message)
    await hears(bob, 'ada: once')
    bob.connection.sendJSON(message)
    await hears(ada, 'ada: once', 'bob: once')
  })

  it('understands the chat demo, and is understood by it', async () => {
    const { roomUrl } = await start()
    const ada = await joinedChat(roomUrl())
    const message = { id: 'of the demo', author: 'ada', text: 'hello' }
    const result = ada.connection.sendJSON({ type: 'say', ...message })
    await hears(ada, 'ada: hello')
    const said = converse(emptyConversation, { type: 'said', message: { ...message, result } })
    const { delivered, waiting } = (ada.messages as ConversationEvent[]).reduce(converse, said)
    expect(waiting).toEqual([])
    expect(delivered).toMatchObject([message])
  })

  it('answers the heartbeat', async () => {
    const { roomUrl } = await start()
    const ada = await joinedChat(roomUrl(), { heartbeat: { intervalMs: 20, timeoutMs: 2000 } })
    await eventually(() => ada.connection.getSnapshot().latencyMs !== null, 'a pong has come')
    expect(ada.closes).toEqual([])
  })
}

function describeTokens({ start }: ServerUnderTest): void {
  it('refuses a token twice, and the connection has failed', async () => {
    const { roomUrl } = await start()
    const ada = joinChat(roomUrl(), { getToken: () => 'made up' })
    await reached(ada, 'failed')
    expect(ada.connection.getSnapshot().error).toMatchObject({ code: 'unauthorized' })
    expect(ada.closes.map(({ code }) => code)).toEqual([4401, 4401])
    expect(ada.messages).toEqual([])
  })

  it.each([
    ['of another secret', () => tokenFor('ada', 60_000, 'another secret')],
    ['that has expired', () => tokenFor('ada', -1)],
    ['that was tampered with', () => `e30${tokenFor('ada')}`],
    ['with half a character', () => '\ud800'],
  ])('refuses a token %s, and takes the fresh one', async (_, createBadToken) => {
    const { roomUrl } = await start()
    const getToken = ({ lastClose }: AttemptContext) =>
      lastClose?.code === 4401 ? tokenFor('ada') : createBadToken()
    const ada = await joinedChat(roomUrl(), { getToken })
    expect(ada.closes).toMatchObject([{ code: 4401, reason: 'Token refused', by: 'server' }])
  })

  it('takes one token for a socket', async () => {
    const { roomUrl } = await start()
    const client = await enterRaw(roomUrl())
    client.send({ type: 'auth', token: tokenFor('raw') })
    expect(await client.closed).toMatchObject({ code: 4401 })
  })

  it('ends an open socket when its token expires, and lets it in with a fresh one', async () => {
    const { roomUrl } = await start()
    const getToken = ({ lastClose }: AttemptContext) => tokenFor('ada', lastClose ? 60_000 : 300)
    const ada = await joinedChat(roomUrl(), { getToken })
    await openedTimes(ada, 2)
    expect(ada.closes).toMatchObject([{ code: 4401, reason: 'Token expired', by: 'server' }])
  })

  it('waits for a token only so long', async () => {
    const { roomUrl } = await start({ TOKEN_TIMEOUT_MS: 200 })
    const [member, silent] = [await joinedChat(roomUrl()), await connectRaw(roomUrl())]
    expect(await silent.closed).toMatchObject({ code: 4408 })
    await quietTime(50)
    expect(member.closes).toEqual([])
  })

  it('takes nothing from who has shown no token, and tells them nothing', async () => {
    const { roomUrl } = await start()
    const [ada, stranger] = [await joinedChat(roomUrl()), await connectRaw(roomUrl())]
    ada.connection.sendJSON(say('not for strangers'))
    await hears(ada, 'ada: not for strangers')
    stranger.send(say('let me in'))
    expect(await stranger.closed).toMatchObject({ code: 4401 })
    expect(stranger.messages).toEqual([])
    expect(heard(ada)).toHaveLength(1)
  })
}

function describeDoor({ start }: ServerUnderTest): void {
  it.each([{ origin: 'https://elsewhere.example' }, { origin: 'null' }, {}])(
    'refuses a page of another origin: %o',
    async (options) => {
      const { roomUrl } = await start()
      expect(await refusedStatus(roomUrl(), options)).toBe(403)
    },
  )

  it('does not say to such a page why it cannot connect', async () => {
    const { roomUrl } = await start()
    const eve = joinChat(roomUrl(), { origin: 'https://app.example.evil' })
    await eventually(() => eve.closes.length === 2, 'two attempts have failed')
    expect(eve.closes).toMatchObject([{ code: 1006 }, { code: 1006 }])
    expect(eve.opens).toEqual([])
  })

  it('says that there is no such room', async () => {
    const { roomUrl } = await start()
    const ada = joinChat(roomUrl('no such room'))
    await reached(ada, 'failed')
    expect(ada.closes).toMatchObject([{ code: 4404, by: 'server' }])
  })

  it('lets in no more than it can serve, and says to come back later', async () => {
    const { roomUrl } = await start({ MAX_CLIENTS: 1 })
    const first = await joinedChat(roomUrl())
    const second = joinChat(roomUrl())
    await eventually(() => second.closes.length === 1, 'the second was turned away')
    expect(second.closes).toMatchObject([{ code: 1013, by: 'server' }])
    const { retryAt } = second.connection.getSnapshot()
    expect(Number(retryAt) - Number(second.closes[0]?.at)).toBeGreaterThanOrEqual(5000)
    expect(first.closes).toEqual([])
    first.release()
    await reached(joinChat(roomUrl(), impatient), 'open')
  })
}

function describeLimits({ start }: ServerUnderTest): void {
  it('closes with 1009 who sends a message that is too large', async () => {
    const { roomUrl } = await start()
    const [ada, bob] = [await joinedChat(roomUrl()), await joinedChat(roomUrl(), { user: 'bob' })]
    ada.connection.sendJSON(say('x'.repeat(5000)))
    await reached(ada, 'failed')
    expect(ada.closes).toMatchObject([{ code: 1009, by: 'server' }])
    bob.connection.sendJSON(say('small enough'))
    await hears(bob, 'bob: small enough')
    expect(bob.closes).toEqual([])
  })

  it.each([
    ['garbage', '{'],
    ['no object', 'null'],
    ['an unknown type', '{"type":"toString"}'],
    ['a type that is no text', '{"type":["say"]}'],
    ['nothing to say', '{"type":"say","id":"1","text":" "}'],
    ['too much to say', `{"type":"say","id":"1","text":"${'x'.repeat(501)}"}`],
    ['an id that is no text', '{"type":"say","id":1,"text":"x"}'],
    ['nothing but brackets', '['.repeat(4000)],
    ['bytes', Buffer.from('{"type":"ping"}')],
  ])('closes with 1008 who sends %s', async (_, frame) => {
    const { roomUrl } = await start()
    const client = await enterRaw(roomUrl())
    client.socket.send(frame)
    expect(await client.closed).toMatchObject({ code: 1008 })
  })

  it('takes nothing any more from who it closes', async () => {
    const { roomUrl } = await start()
    const [ada, client] = [await joinedChat(roomUrl()), await enterRaw(roomUrl())]
    client.socket.send('{')
    client.send(say('too late'))
    await client.closed
    ada.connection.sendJSON(say('in time'))
    await hears(ada, 'ada: in time')
  })

  it('closes who floods it, and takes the same messages from who paces itself', async () => {
    const { roomUrl } = await start({ MESSAGES_PER_SECOND: 100, BURST: 20 })
    const [flood, paced] = await Promise.all([
      joinedChat(roomUrl('flood')),
      joinedChat(roomUrl('paced'), { pacing: { messagesPerSecond: 90, burst: 10 } }),
    ])
    for (let n = 0; n < 60; n += 1) {
      flood.connection.sendJSON(say(`${n}`))
      paced.connection.sendJSON(say(`${n}`))
    }
    await eventually(() => flood.closes.length > 0, 'the flood has ended')
    expect(flood.closes).toMatchObject([{ code: 4429, by: 'server' }])
    const { retryAt, lastClose } = flood.connection.getSnapshot()
    expect(Number(retryAt) - Number(lastClose?.at)).toBeGreaterThanOrEqual(5000)
    await eventually(() => heard(paced).length === 60, 'all paced messages have come back')
    expect(paced.closes).toEqual([])
  })

  it('lets go of who reads too slowly, and nobody else waits for them', async () => {
    const { roomUrl } = await start({ MAX_BACKLOG_BYTES: 250_000, ...anyRate })
    const slow = await enterRaw(roomUrl())
    const [talker, reader] = [await enterRaw(roomUrl()), await joinedChat(roomUrl())]
    slow.socket.pause()
    // More than the system itself keeps for a socket that is not read.
    const [rounds, perRound] = [80, 250]
    for (let round = 1; round <= rounds; round += 1) {
      for (let n = 0; n < perRound; n += 1) talker.send(say('x'.repeat(400)))
      await eventually(() => reader.messages.length > round * perRound, 'a round was heard')
    }
    slow.socket.resume()
    expect(await slow.closed).toMatchObject({ code: expect.toBeOneOf([1006, 1013]) as number })
    expect(slow.messages.length).toBeLessThan(rounds * perRound)
    expect(heard(reader)).toHaveLength(rounds * perRound)
    expect(reader.closes).toEqual([])
  })

  it('counts what waits for somebody in bytes, so that a few long messages are too much', async () => {
    const alone = { MAX_CLIENTS: 1, CLOSE_TIMEOUT_MS: 100 }
    const { roomUrl } = await start({ MAX_BACKLOG_BYTES: 250_000, ...anyRate, ...alone })
    const slow = await enterRaw(roomUrl())
    for (let n = 0; n < 50; n += 1) slow.send(say('x'.repeat(500)))
    await eventually(() => slow.messages.length > 51, 'the room is full of long messages')
    slow.socket.pause()
    // Each is answered with all that was said.
    for (let n = 0; n < 500; n += 1) slow.send({ type: 'replay' })
    await reached(joinChat(roomUrl(), impatient), 'open')
  })

  it.each(['lots', '-1', 'NaN'])('does not start with a limit of %s', async (limit) => {
    await expect(start({ MAX_CLIENTS: limit })).rejects.toThrow('has ended')
  })

  it('takes a limit that is set to nothing as one that is not set', async () => {
    const { roomUrl } = await start({ MAX_CLIENTS: '' })
    expect((await joinedChat(roomUrl())).closes).toEqual([])
  })
}

function describeAbsence({ start }: ServerUnderTest): void {
  it('drops who does not answer its pings', async () => {
    const { roomUrl } = await start({ PING_EVERY_MS: 60 })
    const [gone, there] = [
      await enterRaw(roomUrl(), { autoPong: false }),
      await joinedChat(roomUrl()),
    ]
    expect(await gone.closed).toMatchObject({ code: expect.toBeOneOf([1006, 1011]) as number })
    await quietTime(200)
    expect(there.closes).toEqual([])
  })

  it('gives the place of a client whose network has gone to somebody else', async () => {
    const server = await start({ PING_EVERY_MS: 60, CLOSE_TIMEOUT_MS: 100, MAX_CLIENTS: 1 })
    const proxy = await startFaultProxy(server.port)
    const gone = await joinedChat(`${proxy.url}/chat/lobby`)
    proxy.silence('both')
    await reached(joinChat(server.roomUrl(), impatient), 'open')
    // Whoever is gone is not told.
    expect(gone.closes).toEqual([])
    await proxy.close()
  })
}

function describeEnd({ start, endCode }: ServerUnderTest): void {
  it('closes its clients when it is told to end, and they go on at another one', async () => {
    const [first, second] = [await start({ DRAIN_MS: 50 }), await start()]
    const ada = joinWhereverOpen([first, second])
    await reached(ada, 'open')
    expect(await first.program.end('SIGTERM')).toBe(0)
    await openedTimes(ada, 2)
    expect(ada.closes[0]).toMatchObject({ code: endCode, by: 'server', wasClean: true })
    const bob = await joinedChat(second.roomUrl(), { user: 'bob' })
    ada.connection.sendJSON(say('still here'))
    await hears(bob, 'ada: still here')
  })

  it('lets nobody in once it was told to end', async () => {
    const { roomUrl, program } = await start({ DRAIN_MS: 50 })
    await joinedChat(roomUrl())
    await program.end()
    const late = joinChat(roomUrl())
    await eventually(() => late.closes.length === 1, 'the attempt has failed')
    expect(late.closes).toMatchObject([{ code: 1006 }])
  })
}

const anyRate = { MESSAGES_PER_SECOND: 1e6, BURST: 1e6 }

/** Does not wait for the five seconds that a full server asks for. */
const impatient = { reconnect: { decide: () => 20 } }

/** Somebody whose attempts go to the servers in turn, as they do behind a load balancer. */
function joinWhereverOpen(servers: readonly ChatServer[]): RecordedConnection {
  let attempts = 0
  return joinChat('ws://balanced.example/chat/lobby', {
    environment: {
      createSocket(_, protocols) {
        const server = servers[attempts % servers.length]
        attempts += 1
        return new WebSocket(server?.roomUrl() ?? '', protocols, { origin })
      },
    },
  })
}
