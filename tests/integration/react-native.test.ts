import { AbortController as NativeAbortController } from 'abort-controller'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connectTo, reached, startLiveRig } from '../rig/live-rig'
import { eventually } from '../rig/waiting'

const CompleteURL = URL

/** The `URL` of React Native: strings only, and its parts can be read but not set. */
class ReadableURL {
  readonly #url: URL

  constructor(url: unknown, base?: string) {
    if (typeof url !== 'string') throw new TypeError('url.includes is not a function')
    this.#url = new CompleteURL(url, base)
  }

  get href(): string {
    return this.#url.href
  }

  get protocol(): string {
    return this.#url.protocol
  }

  get hostname(): string {
    return this.#url.hostname
  }

  get searchParams(): never {
    throw new Error('Reading them loses what follows a second = in a value.')
  }
}

// `AbortController` is the package that React Native has under this name (0.86): its signals have
// neither `reason` nor `throwIfAborted`.
beforeEach(() => {
  vi.stubGlobal('URL', ReadableURL)
  vi.stubGlobal('AbortController', NativeAbortController)
  for (const name of ['TextDecoder', 'DOMException', 'document', 'location', 'addEventListener']) {
    vi.stubGlobal(name, undefined)
  }
  return () => vi.unstubAllGlobals()
})

describe('with what React Native has, a connection', () => {
  it('opens, with params and a handshake', async () => {
    const { server } = await startLiveRig({ isTokenValid: (token) => token === 'abc' })
    const url = `http://127.0.0.1:${server.port}/live?room=YWJj==`
    const live = connectTo(url, {
      params: { user: 'ada' },
      async handshake({ sendJSON, receive }) {
        sendJSON({ type: 'auth', token: 'abc' })
        await receive((message: { type?: unknown }) => message.type === 'auth-ok')
      },
    })
    await reached(live, 'open')
    expect(server.upgrades).toMatchObject([{ url: '/live?room=YWJj==&user=ada' }])
  })

  it('takes a URL object', async () => {
    const { server } = await startLiveRig()
    const live = connectTo(new CompleteURL(`ws://127.0.0.1:${server.port}/live`))
    await reached(live, 'open')
  })

  it('refuses a URL that is none', async () => {
    const live = connectTo('/live')
    await reached(live, 'failed')
    expect(live.errors).toMatchObject([{ code: 'invalid-url' }])
  })

  it('gives up a request that is aborted, and says so with an AbortError', async () => {
    const { connect } = await startLiveRig()
    const { connection } = connect()
    const controller = new NativeAbortController()
    const signal = controller.signal as AbortSignal
    const reply = connection.request({ type: 'never answered' }, { signal })
    controller.abort()
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
    const late = connection.request({ type: 'never asked' }, { signal })
    await expect(late).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends a handshake that waits, with an AbortError', async () => {
    const { connect } = await startLiveRig()
    const refusals: unknown[] = []
    const { connection, statuses } = connect({
      async handshake({ receive }) {
        await receive().catch((error: unknown) => refusals.push(error))
      },
    })
    await eventually(() => statuses.includes('connecting'), 'connecting')
    connection.close()
    await eventually(() => refusals.length > 0, 'the handshake was ended')
    expect(refusals).toMatchObject([{ name: 'AbortError' }])
  })

  it('says goodbye with a reason that fits', async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    live.connection.close(4000, 'ä'.repeat(100))
    await eventually(() => server.closes.length > 0, 'the server has heard it')
    expect(server.closes).toEqual([{ code: 4000, reason: 'ä'.repeat(61) }])
  })
})
