import { describe, expect, it, vi } from 'vitest'
import type { AttemptContext, ConnectionOptions, UrlParams } from '../../src/core'
import { reached, startLiveRig } from '../rig/live-rig'
import { eventually, quietTime } from '../rig/waiting'

describe('a token that has expired', () => {
  const tags = ['fault-41']
  const refresh = { reconnect: { minDelayMs: 100 }, environment: { random: () => 0.5 } }

  /** A connection whose token is refused with 4401 and then refreshed in that way. */
  async function loseToken(
    renew: (context: AttemptContext) => Promise<UrlParams>,
    options: ConnectionOptions = refresh,
  ) {
    const { connect, server } = await startLiveRig()
    const params = vi.fn((context: AttemptContext) =>
      params.mock.calls.length === 2 ? renew(context) : { token: params.mock.calls.length },
    )
    const live = connect({ params, ...options })
    await reached(live, 'open')
    server.closeAll(4401, 'expired')
    return { live, server, params }
  }

  it('and cannot be refreshed is asked for again with backoff', { tags }, async () => {
    const { live, server, params } = await loseToken(() => Promise.reject(new Error('not now')))
    await eventually(() => live.closes.length === 2, 'the refresh failed')
    const { status, retryAt, lastClose } = live.connection.getSnapshot()
    expect({ status, code: lastClose?.error?.code }).toEqual({
      status: 'reconnecting',
      code: 'address-failed',
    })
    expect(Number(retryAt) - Number(lastClose?.at)).toBeGreaterThanOrEqual(100)
    await reached(live, 'open')
    expect(params).toHaveBeenCalledTimes(3)
    expect(server.upgrades.map(({ url }) => url)).toEqual(['/live?token=1', '/live?token=3'])
  })

  it('and whose refresh hangs is asked for again after its deadline', { tags }, async () => {
    const signals: AbortSignal[] = []
    const { live, server } = await loseToken(
      ({ signal }) => {
        signals.push(signal)
        return new Promise(() => {})
      },
      { ...refresh, connectTimeoutMs: 200 },
    )
    await eventually(() => live.closes.length === 2, 'the refresh was given up')
    const [refused, hung] = live.closes
    expect(Number(hung?.at) - Number(refused?.at)).toBeGreaterThanOrEqual(199)
    expect(hung?.error).toMatchObject({ code: 'address-failed' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    await reached(live, 'open')
    expect(server.totalConnections).toBe(2)
  })
})

describe('a handler of the server', () => {
  const tags = ['fault-55']

  it('that hangs is waited for until the time is up', { tags }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    await reached(live, 'open')
    const reply = live.connection.request({ type: 'hang' }, { timeoutMs: 500 })
    await expect(reply).rejects.toMatchObject({ code: 'request-timeout' })
    expect(server.received).toMatchObject([{ type: 'hang' }])
    expect(await live.connection.request({ type: 'echo' })).toMatchObject({ type: 'echo' })
    expect(live.sockets).toHaveLength(1)
  })

  it('that hangs is waited for until the request is aborted', { tags }, async () => {
    const { connect, server } = await startLiveRig()
    const live = connect()
    const abort = new AbortController()
    const reply = live.connection.request({ type: 'hang' }, { signal: abort.signal, timeoutMs: 0 })
    await eventually(() => server.received.length === 1, 'the server has it')
    abort.abort(new Error('the user left'))
    await expect(reply).rejects.toThrow('the user left')
    expect(await live.connection.request({ type: 'echo' })).toMatchObject({ type: 'echo' })
  })

  it('that throws and says so fails the request, and nothing else', { tags }, async () => {
    const { connect } = await startLiveRig()
    const live = connect()
    const error = { message: 'out of stock' }
    const reply = live.connection.request({ type: 'echo', error })
    await expect(reply).rejects.toMatchObject({ code: 'request-failed', cause: error })
    await quietTime(20)
    expect(live.connection.getSnapshot().status).toBe('open')
    expect(live.errors).toEqual([])
  })
})
