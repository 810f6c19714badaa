import { act, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { useWebSocket, WebSocketProvider, type WirehookError } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { Failure, Status } from './displays'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()

describe('a hook without a source', () => {
  it.each([
    ['no provider above it', <Status key="status" />],
    [
      'a provider that has none either',
      <WebSocketProvider key="provider" lingerMs={0}>
        <Status />
      </WebSocketProvider>,
    ],
  ])('throws missing-source with %s', (_, element) => {
    muteCaughtErrors()
    render(<ErrorBoundary>{element}</ErrorBoundary>)
    // React prints what a boundary has caught.
    takePrinted()
    expect(screen.getByRole('alert')).toHaveTextContent('missing-source')
    expect(screen.getByRole('alert')).toHaveTextContent('WebSocketProvider')
  })
})

it('a hook that is not enabled needs no source', () => {
  function Waiting() {
    const { status } = useWebSocket(undefined, { enabled: false })
    return <p>{status}</p>
  }
  render(<Waiting />)
  expect(screen.getByText('idle')).toBeInTheDocument()
})

const unusable = [
  ['a URL that is none', 'http://', {}, 'invalid-url'],
  ['an empty URL', '', {}, 'invalid-url'],
  ['an unsupported scheme', 'ftp://live.test/', {}, 'invalid-url'],
  ['a fragment', 'wss://live.test/page#fragment', {}, 'invalid-url'],
  ['an empty subprotocol', undefined, { protocols: [''] }, 'invalid-protocols'],
  ['a space in a subprotocol', undefined, { protocols: 'chat v1' }, 'invalid-protocols'],
  ['a subprotocol named twice', undefined, { protocols: ['chat', 'chat'] }, 'invalid-protocols'],
  ['a time that is no number', undefined, { connectTimeoutMs: NaN }, 'invalid-option'],
] as const

/** In development it is said once, for who shows only the status. */
function expectWarning(code: string): void {
  expect(takePrinted()).toEqual([expect.stringContaining(`[wirehook] wirehook ${code} (`)])
}

describe('a configuration that cannot work', () => {
  it.each(unusable)(
    'fails at once, for good, and says why: %s',
    async (_, source, options, code) => {
      const environment = createActedEnvironment()
      const onError = vi.fn<(error: WirehookError) => void>()
      render(
        <Failure source={source ?? nextUrl()} options={{ ...options, environment, onError }} />,
      )
      await environment.advance(0)
      expect(screen.getByTestId('failure')).toHaveTextContent(`failed ${code}`)
      await environment.advance(3_600_000)
      expect(environment.sockets).toHaveLength(0)
      expect(onError.mock.calls.map(([error]) => error.code)).toEqual([code])
      expectWarning(code)
    },
  )

  it('fails at once for a ws: URL in an https page', async () => {
    const environment = createActedEnvironment()
    const securePage = { ...environment, baseUrl: () => 'https://app.test/' }
    render(<Failure source="ws://live.test/" options={{ environment: securePage }} />)
    await environment.advance(60_000)
    expect(screen.getByTestId('failure')).toHaveTextContent('failed insecure-url')
    expectWarning('insecure-url')
    expect(environment.sockets).toHaveLength(0)
  })

  it('fails at once where there is no WebSocket', async () => {
    const environment = createActedEnvironment()
    vi.stubGlobal('WebSocket', undefined)
    const { createSocket, ...withoutSockets } = environment
    render(<Failure source={nextUrl()} options={{ environment: withoutSockets }} />)
    await environment.advance(60_000)
    vi.unstubAllGlobals()
    expect(screen.getByTestId('failure')).toHaveTextContent('failed no-websocket')
    expectWarning('no-websocket')
  })

  it('names the URL in its message without what may be secret', async () => {
    const environment = createActedEnvironment()
    const onError = vi.fn<(error: WirehookError) => void>()
    const source = 'ftp://user:password@live.test/path?token=secret'
    render(<Status source={source} options={{ environment, onError }} />)
    await environment.advance(0)
    const message = onError.mock.lastCall?.[0].message
    expect(message).toContain('ftp://live.test/path')
    expect(message).not.toMatch(/password|secret/)
    expect(takePrinted()).toEqual([`[wirehook] ${message}`])
  })

  it('is left by reconnect once it has been repaired', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    function Repairable({ isRepaired }: { isRepaired: boolean }) {
      const protocols = isRepaired ? 'chat' : 'chat v1'
      const { status, reconnect } = useWebSocket(url, { environment, protocols, key: url })
      return (
        <button type="button" onClick={reconnect}>
          {status}
        </button>
      )
    }
    const page = render(<Repairable isRepaired={false} />)
    await environment.advance(0)
    expect(screen.getByRole('button')).toHaveTextContent('failed')
    expectWarning('invalid-protocols')
    page.rerender(<Repairable isRepaired />)
    act(() => screen.getByRole('button').click())
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(screen.getByRole('button')).toHaveTextContent('open')
  })
})
