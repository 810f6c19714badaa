import { act, render, screen } from '@testing-library/react'
import { Activity, StrictMode, useEffect, version, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  byId,
  createConnection,
  useRequest,
  WebSocketProvider,
  type RequestOptions,
  type UseRequestOptions,
  type UseRequestResult,
} from 'wirehook'
import type { FakeEnvironment } from '../fake-environment'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { ErrorBoundary, muteCaughtErrors } from './error-boundary'
import { hydrate } from './hydrate'
import { openSocket, watchHeld } from './live'
import { keepConsoleSilent } from './silent-console'

const takePrinted = keepConsoleSilent()

interface Question {
  readonly op: string
}

interface Answer {
  readonly id: string
  readonly amount: number
}

type Result = UseRequestResult<Answer, Question>

interface AskerProps extends UseRequestOptions {
  readonly onCommit: (result: Result) => void
}

function Asker({ onCommit, ...options }: AskerProps): ReactElement {
  const result = useRequest<Answer, Question>(options)
  useEffect(() => onCommit(result))
  const { pending, data, error } = result
  return <p data-testid="state">{JSON.stringify({ pending, amount: data?.amount, error })}</p>
}

function createLive() {
  const environment = createActedEnvironment()
  const connection = createConnection(nextUrl(), { environment })
  const results: Result[] = []
  const onCommit = (result: Result): void => void results.push(result)

  function newest(): Result {
    const result = results.at(-1)
    if (!result) throw new Error('Nothing has been rendered yet.')
    return result
  }

  function ask(op: string, options?: RequestOptions): Promise<Answer> | undefined {
    const replies: Promise<Answer>[] = []
    act(() => void replies.push(newest().request({ op }, options)))
    return replies[0]
  }

  return { environment, connection, results, onCommit, newest, ask }
}

async function renderAsker(options: UseRequestOptions = {}) {
  const live = createLive()
  const { environment, connection, onCommit } = live
  const withOptions = (given: UseRequestOptions) => (
    <Asker source={connection} onCommit={onCommit} {...given} />
  )
  const page = render(withOptions(options))
  await openSocket(environment)
  return {
    ...live,
    unmount: page.unmount,
    rerender: (given: UseRequestOptions) => page.rerender(withOptions(given)),
  }
}

/** The questions that have arrived at the server, each with what answers it. */
function readAsked(environment: FakeEnvironment) {
  const socket = environment.newestSocket()
  return (socket.sentJSON() as (Question & { id: string })[]).map(({ op, id }) => ({
    op,
    async answer(content: object): Promise<void> {
      socket.receive({ id, ...content })
      await environment.advance(0)
    },
  }))
}

/** Fails the test if it leaves a rejection that nobody handles. */
function expectNoUnhandledRejection(): void {
  const onUnhandled = vi.fn()
  process.on('unhandledRejection', onUnhandled)
  onTestFinished(() => {
    process.off('unhandledRejection', onUnhandled)
    expect(onUnhandled).not.toHaveBeenCalled()
  })
}

const idle = { pending: false, data: undefined, error: undefined }

describe('the state', () => {
  it('is idle until something is asked', async () => {
    const { environment, newest } = await renderAsker()
    expect(newest()).toMatchObject(idle)
    expect(readAsked(environment)).toEqual([])
  })

  it('is pending until the answer comes, and then shows it', async () => {
    const { environment, newest, ask } = await renderAsker()
    void ask('balance')
    expect(newest()).toMatchObject({ ...idle, pending: true })
    const [asked] = readAsked(environment)
    expect(asked?.op).toBe('balance')
    await asked?.answer({ amount: 5 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  })

  it('shows why there is no answer, and keeps the answer from before', async () => {
    expectNoUnhandledRejection()
    const { environment, newest, ask } = await renderAsker()
    void ask('balance')
    await readAsked(environment)[0]?.answer({ amount: 5 })
    void ask('balance')
    expect(newest()).toMatchObject({ ...idle, pending: true, data: { amount: 5 } })
    await readAsked(environment)[1]?.answer({ error: 'too often' })
    expect(newest()).toMatchObject({
      pending: false,
      data: { amount: 5 },
      error: { code: 'request-failed', cause: 'too often' },
    })
  })

  it('has no error any more as soon as something is asked again', async () => {
    const { environment, newest, ask } = await renderAsker()
    void ask('balance')
    await readAsked(environment)[0]?.answer({ error: 'busy' })
    void ask('balance')
    expect(newest()).toMatchObject({ ...idle, pending: true })
    await readAsked(environment)[1]?.answer({ amount: 5 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  })

  it('commits twice for a request: pending and answered', async () => {
    const { environment, results, ask } = await renderAsker()
    const before = results.length
    void ask('balance')
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(results.slice(before).map(({ pending }) => pending)).toEqual([true, false])
  })
})

describe('the newest request', () => {
  it('is the one that the state shows; the promise of the older one settles all the same', async () => {
    const { environment, newest, ask } = await renderAsker()
    const older = ask('old')
    const newer = ask('new')
    const [old, young] = readAsked(environment)
    await old?.answer({ amount: 1 })
    expect(newest()).toMatchObject({ ...idle, pending: true })
    await young?.answer({ amount: 2 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 2 } })
    expect(await older).toMatchObject({ amount: 1 })
    expect(await newer).toMatchObject({ amount: 2 })
  })

  it.each([
    ['an answer', { amount: 1 }],
    ['an error', { error: 'late' }],
  ])('is not replaced by %s to an older one', async (_, late) => {
    const { environment, newest, ask } = await renderAsker()
    void ask('old')
    void ask('new')
    const [old, young] = readAsked(environment)
    await young?.answer({ amount: 2 })
    await old?.answer(late)
    expect(newest()).toMatchObject({ ...idle, data: { amount: 2 } })
  })

  it('is pending, also when the older one has failed', async () => {
    const { environment, newest, ask } = await renderAsker()
    void ask('old')
    void ask('new')
    const [old, young] = readAsked(environment)
    await old?.answer({ error: 'old' })
    expect(newest()).toMatchObject({ ...idle, pending: true })
    await young?.answer({ amount: 2 })
  })
})

describe('request', () => {
  it('resolves with the answer', async () => {
    const { environment, ask } = await renderAsker()
    const reply = ask('balance')
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(await reply).toMatchObject({ amount: 5 })
  })

  it('rejects with what the state shows', async () => {
    const { environment, newest, ask } = await renderAsker()
    const failure = ask('balance')?.catch((error: unknown) => error)
    await readAsked(environment)[0]?.answer({ error: 'busy' })
    expect(newest().error).toMatchObject({ code: 'request-failed' })
    expect(newest().error).toBe(await failure)
  })

  it('that nobody awaits is no unhandled rejection', async () => {
    expectNoUnhandledRejection()
    const { environment, newest, ask } = await renderAsker()
    void ask('balance')
    await environment.advance(10_000)
    expect(newest().error).toMatchObject({ code: 'request-timeout' })
  })

  it('waits for the connection to open', async () => {
    const { environment, connection, onCommit, newest, ask } = createLive()
    render(<Asker source={connection} onCommit={onCommit} />)
    void ask('early')
    await openSocket(environment)
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  })

  it('may be called by an effect when the component is mounted', async () => {
    const { environment, connection } = createLive()
    function Eager(): ReactElement {
      const { data, request } = useRequest<Answer, Question>({ source: connection })
      useEffect(() => void request({ op: 'balance' }), [request])
      return <output>{data?.amount}</output>
    }
    render(<Eager />)
    await openSocket(environment)
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(screen.getByRole('status')).toHaveTextContent('5')
    expect(readAsked(environment)).toHaveLength(1)
  })

  it('is the same function in every render', async () => {
    const { environment, results, ask, rerender } = await renderAsker({ timeoutMs: 5000 })
    rerender({ timeoutMs: 5000 })
    void ask('balance')
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(results.length).toBeGreaterThan(3)
    expect(new Set(results.map(({ request }) => request)).size).toBe(1)
  })
})

describe('options', () => {
  it('of the hook count for each request', async () => {
    const { environment, newest, ask } = await renderAsker({ timeoutMs: 300 })
    void ask('balance')
    await environment.advance(299)
    expect(newest().pending).toBe(true)
    await environment.advance(1)
    expect(newest().error).toMatchObject({ code: 'request-timeout' })
  })

  it('of the newest render count', async () => {
    const { environment, newest, ask, rerender } = await renderAsker({ timeoutMs: 300 })
    rerender({ timeoutMs: 100 })
    void ask('balance')
    await environment.advance(100)
    expect(newest().error).toMatchObject({ code: 'request-timeout' })
  })

  it('of a request count before those of the hook, and leave the others', async () => {
    const { environment, newest, ask } = await renderAsker({ timeoutMs: 300, idempotent: true })
    void ask('balance', { timeoutMs: 20_000 })
    environment.newestSocket().cut()
    await environment.advance(1000)
    await environment.newestSocket().open()
    expect(newest().pending).toBe(true)
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  })

  it('of a request that are undefined leave those of the hook', async () => {
    const { environment, newest, ask } = await renderAsker({ timeoutMs: 300 })
    void ask('balance', { timeoutMs: undefined })
    await environment.advance(300)
    expect(newest()).toMatchObject({ pending: false, error: { code: 'request-timeout' } })
  })

  it('without idempotent, a lost link is outcome-unknown', async () => {
    const { environment, newest, ask } = await renderAsker()
    void ask('pay')
    environment.newestSocket().cut()
    await environment.advance(0)
    expect(newest().error).toMatchObject({ code: 'outcome-unknown' })
  })

  it('have a signal, whose reason is the error', async () => {
    const { newest, environment, ask } = await renderAsker()
    const abort = new AbortController()
    void ask('balance', { signal: abort.signal })
    const reason = new Error('no longer needed')
    abort.abort(reason)
    await environment.advance(0)
    expect(newest()).toMatchObject({ pending: false, error: reason })
  })
})

describe('the source', () => {
  it('may be a URL, whose connection knows how answers are told', async () => {
    const { environment, onCommit, newest, ask } = createLive()
    render(
      <WebSocketProvider url={nextUrl()} environment={environment} requests={byId()}>
        <Asker onCommit={onCommit} />
      </WebSocketProvider>,
    )
    await openSocket(environment)
    void ask('balance')
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  })

  it('has to know how answers are told', async () => {
    const { environment, onCommit, newest, ask } = createLive()
    render(
      <WebSocketProvider environment={environment}>
        <Asker source={nextUrl()} onCommit={onCommit} />
      </WebSocketProvider>,
    )
    void ask('balance')
    await openSocket(environment)
    expect(newest().error).toMatchObject({ code: 'no-requests' })
  })

  it('null opens nothing and drops what is asked', async () => {
    const { environment, onCommit, newest, ask } = createLive()
    render(<Asker source={null} onCommit={onCommit} />)
    void ask('balance')
    await environment.advance(0)
    expect(newest()).toMatchObject({ pending: false, error: { code: 'request-dropped' } })
    expect(environment.sockets).toHaveLength(0)
  })

  it('that changes is the one that is asked from then on', async () => {
    const { environment, newest, ask, rerender } = await renderAsker()
    const other = createLive()
    rerender({ source: other.connection })
    await openSocket(other.environment)
    void ask('balance')
    await readAsked(other.environment)[0]?.answer({ amount: 7 })
    expect(newest()).toMatchObject({ ...idle, data: { amount: 7 } })
    expect(readAsked(environment)).toEqual([])
    await environment.advance(1000)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('that changes takes the state of the one before with it', async () => {
    const { environment, newest, ask, rerender } = await renderAsker()
    const other = createLive()
    void ask('balance')
    expect(newest()).toMatchObject({ pending: true })
    rerender({ source: other.connection })
    expect(newest()).toMatchObject(idle)
    await readAsked(environment)[0]?.answer({ amount: 7 })
    expect(newest()).toMatchObject(idle)
  })

  it('that is missing is an error which names the hook', () => {
    muteCaughtErrors()
    render(
      <ErrorBoundary>
        <Asker onCommit={() => {}} />
      </ErrorBoundary>,
    )
    takePrinted()
    expect(screen.getByRole('alert')).toHaveTextContent('missing-source')
    expect(screen.getByRole('alert')).toHaveTextContent('useRequest')
  })
})

describe('unmounting', () => {
  it('leaves no lease, and the request goes on', { tags: ['fault-75'] }, async () => {
    const { environment, connection: inner, onCommit, ask } = createLive()
    const { connection, held } = watchHeld(inner)
    const page = render(
      <StrictMode>
        <Asker source={connection} onCommit={onCommit} />
      </StrictMode>,
    )
    await openSocket(environment)
    expect(held.size).toBe(1)
    const reply = ask('balance')
    page.unmount()
    expect(held.size).toBe(0)
    await readAsked(environment)[0]?.answer({ amount: 5 })
    expect(await reply).toMatchObject({ amount: 5 })
  })

  it(
    'lets a request that is not answered end without an unhandled rejection',
    { tags: ['fault-75'] },
    async () => {
      expectNoUnhandledRejection()
      const { environment, ask, unmount } = await renderAsker()
      void ask('balance')
      unmount()
      await environment.advance(11_000)
      expect(environment.countTimers()).toBe(0)
    },
  )
})

it('StrictMode asks once and shows the answer', async () => {
  const { environment, connection, onCommit, newest, ask } = createLive()
  render(
    <StrictMode>
      <Asker source={connection} onCommit={onCommit} />
    </StrictMode>,
  )
  await openSocket(environment)
  void ask('balance')
  expect(readAsked(environment)).toHaveLength(1)
  await readAsked(environment)[0]?.answer({ amount: 5 })
  expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
})

it.skipIf(version.startsWith('18.'))(
  'a hidden <Activity> gives up the connection and shows the answer later',
  async () => {
    const { environment, connection: inner, onCommit, newest, ask } = createLive()
    const { connection, held } = watchHeld(inner)
    const withMode = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <Asker source={connection} onCommit={onCommit} />
      </Activity>
    )
    const page = render(withMode('visible'))
    await openSocket(environment)
    void ask('balance')
    page.rerender(withMode('hidden'))
    expect(held.size).toBe(0)
    await readAsked(environment)[0]?.answer({ amount: 5 })
    page.rerender(withMode('visible'))
    expect(held.size).toBe(1)
    expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  },
)

it('a server renders the idle state and asks nothing', { tags: ['fault-77'] }, () => {
  const { environment, connection } = createLive()
  const markup = renderToString(<Asker source={connection} onCommit={() => {}} />)
  expect(markup).toContain('{&quot;pending&quot;:false}')
  expect(environment.sockets).toHaveLength(0)
})

it('hydration begins with the markup of the server', { tags: ['fault-77'] }, async () => {
  const { environment, connection, onCommit, newest, ask } = createLive()
  const { onRecoverableError } = await hydrate(<Asker source={connection} onCommit={onCommit} />)
  await openSocket(environment)
  void ask('balance')
  await readAsked(environment)[0]?.answer({ amount: 5 })
  expect(newest()).toMatchObject({ ...idle, data: { amount: 5 } })
  expect(onRecoverableError).not.toHaveBeenCalled()
})
