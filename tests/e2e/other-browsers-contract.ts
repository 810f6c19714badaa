import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Engine, EnginePage } from '../rig/engines/engine-page'
import { prepareEngine, type EngineRig } from '../rig/engines/engine-rig'
import type { LivePage } from '../rig/live-page'
import { eventually, quietTime } from '../rig/waiting'

/** An engine, and the rows of the fault list that its tests prove. */
export interface EngineUnderTest {
  readonly name: string
  readonly launch: () => Promise<Engine>
  /** Whether all that it takes is on this machine. */
  readonly isThere: boolean
  /** Whether its pages can be taken offline on this machine. */
  readonly canGoOffline: boolean
  /** Whether it puts a page with an open socket into its back/forward cache. */
  readonly cachesOpenSockets: boolean
  /** What its pages are told of a server's close code 1012. */
  readonly code1012: SeenClose
  readonly tags: Readonly<Record<Part, Tag>>
}

interface SeenClose {
  readonly code: number
  readonly by: 'network' | 'server'
}

type Part = 'smoke' | 'closes' | 'link' | 'queue' | 'offline' | 'backForward'
type Tag = `fault-${string}`

/** Longer than the time over which pages that come back spread their attempts. */
const anyReactionMs = 700

const anHourMs = 3_600_000

/** What every engine has to do with the built package. */
export function describeEngine(engine: EngineUnderTest): void {
  const { name, tags, isThere, canGoOffline, code1012, cachesOpenSockets } = engine
  const isSkipped = skips(isThere, `${name} is not on this machine`)
  const staysOnline = !isSkipped && skips(canGoOffline, `${name} cannot go offline on this machine`)

  describe.skipIf(isSkipped)(`the built package in ${name}`, () => {
    const rig = prepareEngine(engine.launch)
    describeMessages(rig, tags.smoke)
    describeCloses(rig, tags.closes, code1012)
    describeEndsOfLink(rig, tags.link)
    describeDeadLink(rig, tags.link)
    describeQueue(rig, tags.queue)
    describeOffline(rig, tags.offline, staysOnline)
    describeBackForward(rig, tags.backForward, cachesOpenSockets)
  })
}

/** Whether to skip tests for what this machine lacks. Where changes are checked, they fail instead. */
function skips(isThere: boolean, complaint: string): boolean {
  if (isThere || process.env.CI) return false
  console.warn(`${complaint}: tests are skipped (see scripts/other-browsers.mjs).`)
  return true
}

function describeMessages(rig: EngineRig, tag: Tag): void {
  it('opens one socket in StrictMode and brings messages both ways', { tags: [tag] }, async () => {
    const { server, page, read, isLive, gotMessages } = await rig.openLivePage()
    expect(await page.evaluate(`document.querySelector('#status').textContent`)).toBe('open')
    expect(await page.evaluate('demo.events.filter((name) => name === "mounted").length')).toBe(2)
    await isLive()
    const echo = { type: 'echo', text: 'tschüß' }
    await page.evaluate(`demo.sendJSON(${JSON.stringify(echo)})`)
    await gotMessages(2)
    expect(await read('messages')).toEqual([{ type: 'last' }, echo])
    expect(server.received).toEqual([echo])
    expect(server.totalConnections).toBe(1)
    expect(await read('statuses')).toEqual(['idle', 'connecting', 'open'])
  })

  it('sends bytes and gets them back', { tags: [tag] }, async () => {
    const { server, page } = await rig.openEntriesPage()
    const bytes = [0, 1, 127, 128, 255]
    const echo = `new Promise((resolve) => {
      const { core, codecs } = window.entries
      const options = { codec: codecs.binary(), lingerMs: 0 }
      const connection = core.createConnection('${server.url}', options)
      const release = connection.lease()
      connection.on('message', (message) => {
        release()
        resolve([message.constructor.name, ...message])
      })
      connection.send(new Uint8Array(${JSON.stringify(bytes)}).buffer)
    })`
    expect(await page.evaluate(echo)).toEqual(['Uint8Array', ...bytes])
    expect(server.received).toEqual([Buffer.from(bytes)])
    await eventually(() => server.connected === 0, 'the server has seen the end')
  })
}

function describeCloses(rig: EngineRig, tag: Tag, code1012: SeenClose): void {
  it('closes with code and reason, and opens again when asked', { tags: [tag] }, async () => {
    const { server, page, read, shows, isLive } = await rig.openLivePage()
    await page.evaluate(`demo.close(4001, 'tschüß')`)
    await shows('closed')
    await eventually(() => server.closes.length === 1, 'the server has seen the end')
    expect(server.closes).toEqual([{ code: 4001, reason: 'tschüß' }])
    expect(await read('closes')).toMatchObject([{ code: 4001, by: 'client' }])
    await page.evaluate('demo.reconnect()')
    await shows('open')
    await isLive()
  })

  it.each([
    { code: 1001, seen: { code: 1001, by: 'server' } },
    { code: 1012, seen: code1012 },
    { code: 4000, seen: { code: 4000, by: 'server' } },
  ])('replaces a socket that the server closes with $code', { tags: [tag] }, async (end) => {
    const { server, page, read, isLive } = await rig.openLivePage({ reconnect: { minDelayMs: 50 } })
    server.closeAll(end.code)
    await page.waitFor('demo.opens.length === 2')
    await isLive()
    expect(await read('closes')).toMatchObject([end.seen])
    expect(await read('errors')).toEqual([])
  })

  it('fails for good with 4403 until it is asked again', { tags: [tag] }, async () => {
    const { server, page, read, shows, isLive } = await rig.openLivePage({
      reconnect: { minDelayMs: 50 },
    })
    server.closeAll(4403, 'not for you')
    await shows('failed')
    await quietTime(anyReactionMs)
    expect(server.totalConnections).toBe(1)
    expect(await read('closes')).toMatchObject([{ code: 4403, reason: 'not for you' }])
    await page.evaluate('demo.reconnect()')
    await shows('open')
    await isLive()
  })
}

function describeEndsOfLink(rig: EngineRig, tag: Tag): void {
  it.each(['reset', 'finish'] as const)(
    'replaces a socket that ends by a TCP %s',
    { tags: [tag] },
    async (end) => {
      const { proxy, page, read, isLive } = await rig.openLivePage({
        reconnect: { minDelayMs: 50 },
      })
      proxy[end]()
      await page.waitFor('demo.opens.length === 2')
      await isLive()
      expect(await read('closes')).toMatchObject([{ code: 1006, by: 'network', wasClean: false }])
      expect((await read('statuses')).slice(-2)).toEqual(['reconnecting', 'open'])
    },
  )
}

function describeDeadLink(rig: EngineRig, tag: Tag): void {
  it('notices by its heartbeat that a link is dead, and replaces it', { tags: [tag] }, async () => {
    const { server, proxy, page, read, gotMessages } = await rig.openLivePage({
      heartbeat: { intervalMs: 500, timeoutMs: 500 },
    })
    proxy.silence('both')
    await page.waitFor('demo.opens.length === 2')
    expect(await read('errors')).toEqual(['heartbeat-timeout'])
    expect(await read('closes')).toMatchObject([{ code: null, by: 'client' }])
    expect(await page.evaluate('demo.sockets.map(({ readyState }) => readyState)')).toEqual([
      WebSocket.CLOSING,
      WebSocket.OPEN,
    ])
    // The server knows of no end, and tells both.
    server.broadcastJSON({ n: 1 })
    await gotMessages(1)
    expect(await read('messages')).toEqual([{ n: 1 }])
  })

  it('gives up a handshake that hangs, and tries again', { tags: [tag] }, async () => {
    const { proxy, page, read, shows, isLive } = await rig.openLivePage({
      connectTimeoutMs: 300,
      reconnect: { minDelayMs: 50 },
    })
    proxy.hangHandshakes()
    await page.evaluate('demo.reconnect()')
    await page.waitFor(`demo.errors.includes('connect-timeout')`)
    proxy.heal()
    await shows('open')
    await isLive()
    const [left, ...givenUp] = await read('closes')
    expect(left).toMatchObject({ code: 1000, by: 'client' })
    // On a slow machine, more than one attempt may have found no answer.
    for (const close of givenUp) expect(close).toMatchObject({ code: null, by: 'client' })
    expect(new Set(await read('errors'))).toEqual(new Set(['connect-timeout']))
  })
}

function describeQueue(rig: EngineRig, tag: Tag): void {
  it('sends what waited for a link once and in order', { tags: [tag] }, async () => {
    const { server, proxy, page, shows, isLive } = await rig.openLivePage({
      reconnect: { minDelayMs: 50 },
    })
    const waiting = Array.from({ length: 50 }, (_, n) => ({ n }))
    proxy.refuse()
    proxy.reset()
    await shows('reconnecting')
    await page.evaluate(`${JSON.stringify(waiting)}.forEach((note) => demo.sendJSON(note))`)
    await proxy.accept()
    await shows('open')
    await isLive()
    await page.evaluate(`demo.sendJSON({ n: 'after' })`)
    await eventually(() => server.received.length > waiting.length, 'all has arrived')
    expect(server.received).toEqual([...waiting, { n: 'after' }])
  })
}

function describeOffline(rig: EngineRig, tag: Tag, isSkipped: boolean): void {
  it.skipIf(isSkipped)(
    'gives a dead link up, waits for the network, and opens again',
    { tags: [tag] },
    async () => {
      const { server, proxy, page, read, shows, isLive } = await rig.openPageToTakeOffline({
        // Patient enough to prove that it is not what notices: the event is.
        heartbeat: { intervalMs: anHourMs, timeoutMs: 300 },
        reconnect: { minDelayMs: 50, maxDelayMs: 100 },
      })
      proxy.silence('both')
      await page.setOffline(true)
      await shows('reconnecting (offline)')
      expect(await read('errors')).toEqual(['heartbeat-timeout'])
      await quietTime(anyReactionMs)
      expect(await page.evaluate('demo.sockets.length')).toBe(1)
      proxy.reset()
      await page.setOffline(false)
      await shows('open')
      await isLive()
      expect(server.totalConnections).toBe(2)
      expect(await read('events')).toEqual(expect.arrayContaining(['offline', 'online']))
    },
  )
}

function describeBackForward(rig: EngineRig, tag: Tag, cachesOpenSockets: boolean): void {
  it('has one live socket when its page is left and comes back', { tags: [tag] }, async () => {
    const live = await rig.openLivePage()
    const { server, page, plainUrl, read, shows, isLive } = live
    await page.navigate(plainUrl)
    await eventually(() => server.connected === 0, 'no socket at the server')
    expect(server.closes).toEqual([{ code: cachesOpenSockets ? 1000 : 1001, reason: '' }])
    await page.goBack()
    await shows('open')
    await isLive()
    expect(server.totalConnections).toBe(2)
    expect((await read('events')).includes('pageshow persisted')).toBe(cachesOpenSockets)
    const closes = cachesOpenSockets ? [{ code: 1000, by: 'client' }] : []
    expect(await read('closes')).toMatchObject(closes)
  })

  it('was waiting, and tries as soon as its page is restored', { tags: [tag] }, async () => {
    const live = await rig.openLivePage({
      reconnect: { minDelayMs: anHourMs, maxDelayMs: anHourMs },
    })
    const { server, page, read, shows, isLive } = live
    await loseLink(live)
    // On phones pageshow is all that tells of a return.
    await page.evaluate(`['resume', 'visibilitychange'].forEach((type) =>
      addEventListener(type, (event) => event.stopImmediatePropagation(), true))`)
    await page.navigate(live.plainUrl)
    await page.goBack()
    await shows('open')
    await isLive()
    expect(await read('events')).toContain('pageshow persisted')
    expect(server.totalConnections).toBe(2)
  })
}

/** Ends the link, and lets new ones through as soon as the page knows. */
async function loseLink({ proxy, shows }: LivePage<EnginePage>): Promise<void> {
  proxy.refuse()
  proxy.reset()
  await shows('reconnecting')
  await proxy.accept()
}
