import { render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createConnection, type Connection, type ConnectionEvents, type Undo } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

describe('StrictMode', { tags: ['fault-72'] }, () => {
  it('opens one socket and closes none', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <StrictMode>
        <Status source={url} options={{ environment }} />
      </StrictMode>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })

  it('shows each message', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <StrictMode>
        <LastMessage source={url} options={{ environment }} />
      </StrictMode>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive(1)
    expect(screen.getByTestId('message')).toHaveTextContent('1')
    environment.newestSocket().receive(2)
    expect(screen.getByTestId('message')).toHaveTextContent('2')
  })
})

describe('the last component that leaves', () => {
  it('closes the socket with 1000 after the linger time, not before', async () => {
    const environment = createActedEnvironment()
    const page = render(<Status source={nextUrl()} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.unmount()
    await environment.advance(999)
    expect(environment.newestSocket().closedBy).toBeNull()
    await environment.advance(1)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('closes it after the lingerMs it has set', async () => {
    const environment = createActedEnvironment()
    const page = render(<Status source={nextUrl()} options={{ environment, lingerMs: 3000 }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.unmount()
    await environment.advance(2999)
    expect(environment.newestSocket().closedBy).toBeNull()
    await environment.advance(1)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('leaves no listener and no lease behind', async () => {
    const environment = createActedEnvironment()
    const inner = createConnection(nextUrl(), { environment })
    const held = new Set<Undo>()
    const hold = (undo: Undo): Undo => {
      held.add(undo)
      return () => {
        held.delete(undo)
        undo()
      }
    }
    const connection: Connection = {
      ...inner,
      on: <Name extends keyof ConnectionEvents>(name: Name, listener: ConnectionEvents[Name]) =>
        hold(inner.on(name, listener)),
      subscribe: (listener) => hold(inner.subscribe(listener)),
      lease: () => hold(inner.lease()),
    }
    const page = render(
      <StrictMode>
        <LastMessage source={connection} options={{ onOpen() {}, onMessage() {} }} />
      </StrictMode>,
    )
    await environment.advance(0)
    // Two events, the state and the lease.
    expect(held.size).toBe(4)
    page.unmount()
    expect(held.size).toBe(0)
  })

  it('ends an attempt that is still under way', async () => {
    const environment = createActedEnvironment()
    const page = render(<Status source={nextUrl()} options={{ environment }} />)
    await environment.advance(0)
    page.unmount()
    await environment.advance(1000)
    expect(environment.countLiveSockets()).toBe(0)
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(1)
  })

  it('ends the waiting for a retry', async () => {
    const environment = createActedEnvironment()
    const page = render(<Status source={nextUrl()} options={{ environment, lingerMs: 0 }} />)
    await environment.advance(0)
    environment.newestSocket().cut()
    page.unmount()
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(1)
  })
})

describe('a component that comes back', () => {
  it('finds the socket still open within the linger time', { tags: ['fault-76'] }, async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('kept')
    page.unmount()
    await environment.advance(900)
    render(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('message')).toHaveTextContent('kept')
  })

  it('starts over after the linger time, without an old message', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('old')
    page.unmount()
    await environment.advance(1000)
    render(
      <>
        <LastMessage source={url} options={{ environment }} />
        <Status source={url} options={{ environment }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(2)
    expect(screen.getByTestId('status')).toHaveTextContent('connecting')
    expect(screen.getByTestId('message')).toBeEmptyDOMElement()
  })

  it(
    'keeps the socket when it is remounted under another React key',
    { tags: ['fault-76'] },
    async () => {
      const environment = createActedEnvironment()
      const url = nextUrl()
      const page = render(<Status key="before" source={url} options={{ environment }} />)
      await environment.advance(0)
      await environment.newestSocket().open()
      page.rerender(<Status key="after" source={url} options={{ environment }} />)
      await environment.advance(5000)
      expect(environment.sockets).toHaveLength(1)
      expect(environment.newestSocket().closedBy).toBeNull()
      expect(screen.getByTestId('status')).toHaveTextContent('open')
    },
  )
})

describe('a hook that wants no connection', () => {
  it.each([
    ['enabled: false', { isOff: true }],
    ['the source null', { isOff: false }],
  ])('opens nothing and is idle with %s', async (_, { isOff }) => {
    const environment = createActedEnvironment()
    const source = isOff ? nextUrl() : null
    render(<Status source={source} options={{ environment, enabled: !isOff }} />)
    await environment.advance(60_000)
    expect(environment.sockets).toHaveLength(0)
    expect(environment.countTimers()).toBe(0)
    expect(screen.getByTestId('status')).toHaveTextContent('idle')
  })

  it('opens when it is enabled', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={url} options={{ environment, enabled: false }} />)
    await environment.advance(0)
    page.rerender(<Status source={url} options={{ environment, enabled: true }} />)
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(1)
    expect(screen.getByTestId('status')).toHaveTextContent('connecting')
  })

  it('closes the socket after the linger time when it is disabled', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={url} options={{ environment, enabled: false }} />)
    expect(screen.getByTestId('status')).toHaveTextContent('idle')
    await environment.advance(1000)
    expect(environment.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('keeps the socket when it is enabled again within the linger time', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('before')
    page.rerender(<LastMessage source={url} options={{ environment, enabled: false }} />)
    expect(screen.getByTestId('message')).toBeEmptyDOMElement()
    await environment.advance(500)
    page.rerender(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('message')).toHaveTextContent('before')
  })

  it('keeps the socket when its source is null for less than the linger time', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const page = render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    page.rerender(<Status source={null} options={{ environment }} />)
    await environment.advance(500)
    page.rerender(<Status source={url} options={{ environment }} />)
    await environment.advance(5000)
    expect(environment.sockets).toHaveLength(1)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })
})
