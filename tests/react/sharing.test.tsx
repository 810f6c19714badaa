import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

describe('components share a socket', () => {
  it('one socket serves two components with the same URL', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <Status source={url} options={{ environment }} />
        <LastMessage source={url} options={{ environment }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(1)
    await environment.newestSocket().open()
    environment.newestSocket().receive('hello')
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(screen.getByTestId('message')).toHaveTextContent('"hello"')
  })

  it('a component that comes later joins the open socket and shows its newest message', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(<Status source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    environment.newestSocket().receive('earlier')
    render(<LastMessage source={url} />)
    await environment.advance(0)
    expect(environment.sockets).toHaveLength(1)
    expect(screen.getByTestId('message')).toHaveTextContent('"earlier"')
  })

  it('the socket stays when one of two components leaves', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(<Status source={url} options={{ environment }} />)
    const other = render(<LastMessage source={url} options={{ environment }} />)
    await environment.advance(0)
    await environment.newestSocket().open()
    other.unmount()
    await environment.advance(5000)
    expect(environment.newestSocket().closedBy).toBeNull()
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })

  it('relative, http and absolute spellings of one URL, and a URL object, share', async () => {
    const environment = createActedEnvironment()
    const absolute = new URL('/spelling?room=1', location.href).href
    const spellings = [
      '/spelling?room=1',
      absolute,
      absolute.replace('http:', 'ws:'),
      new URL(absolute),
    ]
    render(
      spellings.map((source) => (
        <Status
          key={`${typeof source} ${String(source)}`}
          source={source}
          options={{ environment }}
        />
      )),
    )
    await environment.advance(0)
    expect(environment.sockets.map(({ url }) => url)).toEqual([absolute.replace('http:', 'ws:')])
  })

  it('an https URL opens a wss socket', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <Status source={url.replace('wss:', 'https:')} options={{ environment }} />
        <Status source={url} options={{ environment }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url])
  })
})

describe('components do not share a socket', () => {
  it('different URLs have different sockets', async () => {
    const environment = createActedEnvironment()
    const urls = [nextUrl(), nextUrl()]
    render(urls.map((url) => <Status key={url} source={url} options={{ environment }} />))
    await environment.advance(0)
    expect(environment.sockets.map(({ url }) => url)).toEqual(urls)
  })

  it('different query strings have different sockets', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const urls = [`${url}?room=1`, `${url}?room=2`]
    render(urls.map((source) => <Status key={source} source={source} options={{ environment }} />))
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual(urls)
  })

  it('different subprotocols have different sockets', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <Status source={url} options={{ environment, protocols: ['chat.v1'] }} />
        <Status source={url} options={{ environment, protocols: ['chat.v1'] }} />
        <Status source={url} options={{ environment, protocols: ['chat.v2', 'chat.v1'] }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets.map(({ protocols }) => protocols)).toEqual([
      ['chat.v1'],
      ['chat.v2', 'chat.v1'],
    ])
  })

  it('a key parts a socket from the others of its URL', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const key = `${url} of its own`
    render(
      <>
        <Status source={url} options={{ environment }} />
        <Status source={url} options={{ environment, key }} />
        <Status source={url} options={{ environment, key }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets.map((socket) => socket.url)).toEqual([url, url])
  })

  it('a key is not mistaken for a subprotocol', async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    render(
      <>
        <Status source={url} options={{ environment, protocols: ['chat'] }} />
        <Status source={url} options={{ environment, key: 'chat' }} />
      </>,
    )
    await environment.advance(0)
    expect(environment.sockets.map(({ protocols }) => protocols)).toEqual([['chat'], []])
  })

  it('a key does not make two URLs one', async () => {
    const environment = createActedEnvironment()
    const urls = [nextUrl(), nextUrl()]
    render(
      urls.map((url) => (
        <Status key={url} source={url} options={{ environment, key: 'of its own' }} />
      )),
    )
    await environment.advance(0)
    expect(environment.sockets.map(({ url }) => url)).toEqual(urls)
  })
})
