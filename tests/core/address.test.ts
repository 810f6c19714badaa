import { describe, expect, it } from 'vitest'
import { connectionKey, redactUrl, toAddress, toSocketUrl } from '../../src/core/address'
import { WirehookError } from '../../src/core/errors'

const page = 'https://app.example/shop/list?page=2#top'

function errorOf(work: () => unknown): WirehookError {
  try {
    work()
  } catch (error) {
    if (error instanceof WirehookError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a URL as people write it', () => {
  it.each([
    ['wss://a.example/live', 'wss://a.example/live'],
    ['wss://a.example', 'wss://a.example/'],
    ['ws://localhost:8080/x?y=1', 'ws://localhost:8080/x?y=1'],
    ['https://a.example/live', 'wss://a.example/live'],
    ['http://localhost:3000/live', 'ws://localhost:3000/live'],
    ['https://a.example:443/', 'wss://a.example/'],
    ['/live', 'wss://app.example/live'],
    ['live', 'wss://app.example/shop/live'],
    ['?room=1', 'wss://app.example/shop/list?room=1'],
    ['//b.example/live', 'wss://b.example/live'],
    ['WSS://A.example/Live', 'wss://a.example/Live'],
  ])('%s leads to %s', (url, expected) => {
    expect(toSocketUrl(url, page)).toBe(expected)
  })

  it('may be a URL object, which stays as it is', () => {
    const url = new URL('https://a.example/live')
    expect(toSocketUrl(url, undefined)).toBe('wss://a.example/live')
    expect(url.href).toBe('https://a.example/live')
  })

  it('follows a page without TLS', () => {
    expect(toSocketUrl('/live', 'http://app.example/')).toBe('ws://app.example/live')
  })

  it.each([
    '',
    'wss://',
    'wss://a.example:99999',
    'ftp://a.example/live',
    'mailto:a@b.example',
    'news:a.example',
    'javascript:alert(1)',
    'wss://a.example/live#part',
    'wss://a.example/live#',
    '#part',
    'wss://a b/',
    'file:///live',
  ])('%j is no URL for a socket', (url) => {
    expect(errorOf(() => toSocketUrl(url, page)).code).toBe('invalid-url')
  })

  it.each(['/live', 'live', ''])('%j needs a page to be resolved against', (url) => {
    expect(errorOf(() => toSocketUrl(url, undefined)).code).toBe('invalid-url')
  })

  it('is refused without a cause, which would show the whole URL', () => {
    const error = errorOf(() => toSocketUrl('wss://user:secret@a b/?token=secret', page))
    expect(error.cause).toBeUndefined()
    expect(String(error)).not.toContain('secret')
  })
})

describe('a ws: URL in an https page', () => {
  it.each([
    'ws://a.example/',
    'http://a.example/',
    'ws://192.168.0.1/',
    'ws://localhost.example/',
    'ws://notlocalhost/',
  ])('%s is refused', (url) => {
    expect(errorOf(() => toSocketUrl(url, page)).code).toBe('insecure-url')
  })

  it.each([
    'ws://localhost:8080/',
    'ws://app.localhost/',
    'ws://127.0.0.1/',
    'ws://127.1.2.3:9/',
    'ws://127.0.0.10/',
    'ws://[::1]/',
    'http://localhost/',
  ])('%s is this machine, and allowed', (url) => {
    expect(toSocketUrl(url, page)).toMatch(/^ws:/)
  })

  it.each(['ws://127.a.example/', 'ws://127.0.0.1.a.example/'])(
    '%s only looks like this machine',
    (url) => {
      expect(errorOf(() => toSocketUrl(url, page)).code).toBe('insecure-url')
    },
  )

  it('is the concern of https pages only', () => {
    expect(toSocketUrl('ws://a.example/', 'http://app.example/')).toBe('ws://a.example/')
    expect(toSocketUrl('ws://a.example/', undefined)).toBe('ws://a.example/')
  })
})

describe('a URL that is shown (R12)', () => {
  it.each([
    ['wss://a.example/live?token=secret', 'wss://a.example/live'],
    ['wss://a.example/live#secret', 'wss://a.example/live'],
    ['wss://a.example?token=secret', 'wss://a.example'],
    ['wss://user:secret@a.example/live', 'wss://a.example/live'],
    ['wss://secret@a.example:8080/live', 'wss://a.example:8080/live'],
    ['wss://user:sec@ret@a.example/live', 'wss://a.example/live'],
    ['//user:secret@a.example/live', '//a.example/live'],
    ['/live?token=secret\nsecret', '/live'],
    ['wss://a.example/ bearer.secret', 'wss://a.example/'],
    ['wss://a.example/@someone/live', 'wss://a.example/@someone/live'],
  ])('%s shows as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown)
    expect(redactUrl(shown)).toBe(shown)
  })

  it('may be a URL object', () => {
    expect(redactUrl(new URL('wss://u:secret@a.example/live?t=secret'))).toBe(
      'wss://a.example/live',
    )
  })

  it.each(['ws://user:secret@a.example/?t=secret', 'ftp://user:secret@a.example/?t=secret'])(
    'hides what is secret in the error for %s',
    (url) => {
      const error = errorOf(() => toSocketUrl(url, page))
      expect(error.message).toContain('a.example')
      expect(String(error)).not.toContain('secret')
    },
  )
})

describe('the key of a shared connection', () => {
  it('is the same however the URL is written', () => {
    const keys = ['/live', 'https://app.example/live', new URL('wss://app.example/live')].map(
      (url) => connectionKey(url, undefined, page),
    )
    expect(new Set(keys).size).toBe(1)
  })

  it.each([
    ['another path', '/other', undefined],
    ['another query', '/live?room=2', undefined],
    ['subprotocols', '/live', 'chat'],
    ['other subprotocols', '/live', ['chat', 'v2']],
    ['subprotocols in another order', '/live', ['v2', 'chat']],
    ['subprotocols that read the same together', '/live', ['cha', 'tv1']],
  ])('is another one for %s', (_, url, protocols) => {
    const others = [
      connectionKey('/live', undefined, page),
      connectionKey('/live', ['chat', 'v1'], page),
    ]
    expect(others).not.toContain(connectionKey(url, protocols, page))
  })

  it('is the same for one subprotocol and a list of it', () => {
    expect(connectionKey('/live', 'chat', page)).toBe(connectionKey('/live', ['chat'], page))
    expect(connectionKey('/live', [], page)).toBe(connectionKey('/live', undefined, page))
  })

  it('is another one for each name that users give', () => {
    const keys = ['mine', 'yours', undefined].map((name) =>
      connectionKey('/live', undefined, page, name),
    )
    expect(new Set(keys).size).toBe(3)
    expect(connectionKey('/live', undefined, page, 'mine')).toBe(keys[0])
    expect(connectionKey('/other', undefined, page, 'mine')).not.toBe(keys[0])
  })

  it('does not take a name for a subprotocol', () => {
    expect(connectionKey('/live', undefined, page, 'chat')).not.toBe(
      connectionKey('/live', 'chat', page),
    )
  })

  it('does not call functions, which may be new on every render', () => {
    const protocols = (): string => {
      throw new Error('called')
    }
    expect(connectionKey('/live', protocols, page)).toBe(connectionKey('/live', undefined, page))
  })

  it('exists also for a URL that cannot be used', () => {
    expect(connectionKey('ftp://a', undefined, page)).not.toBe(
      connectionKey('ftp://b', undefined, page),
    )
    expect(connectionKey('/live', undefined, undefined)).toBe('/live')
  })
})

describe('params', () => {
  function urlWith(
    params: Parameters<typeof toAddress>[1],
    url = 'wss://a.example/live?a=1',
  ): string {
    return toAddress(url, params, undefined, undefined).url
  }

  it('are set on the query, encoded', () => {
    expect(urlWith({ token: 'a&b c/é' })).toBe('wss://a.example/live?a=1&token=a%26b+c%2F%C3%A9')
  })

  it('replace what the URL has under the same name', () => {
    expect(urlWith({ a: 2 })).toBe('wss://a.example/live?a=2')
  })

  it.each([
    ['wss://a.example/live?key=YWJj==&b', 'wss://a.example/live?key=YWJj==&b&n=1'],
    ['wss://a.example/x&y/live', 'wss://a.example/x&y/live?n=1'],
    ['wss://a.example/live?', 'wss://a.example/live?n=1'],
    ['wss://a.example/live?n=0&c=?&n=2', 'wss://a.example/live?c=?&n=1'],
  ])('leave the rest of %s as it is', (url, expected) => {
    expect(urlWith({ n: 1 }, url)).toBe(expected)
  })

  it('may be numbers, false, zero and empty', () => {
    expect(urlWith({ n: 0, no: false, yes: true, empty: '' })).toBe(
      'wss://a.example/live?a=1&n=0&no=false&yes=true&empty=',
    )
  })

  it('leave out null and undefined', () => {
    expect(urlWith({ token: null, other: undefined })).toBe('wss://a.example/live?a=1')
    expect(urlWith({ a: null })).toBe('wss://a.example/live?a=1')
  })

  it('may be missing altogether', () => {
    expect(urlWith(undefined)).toBe('wss://a.example/live?a=1')
  })

  it('cannot change where the socket goes', () => {
    const url = new URL(urlWith({ 'x#y?z': '#/../@evil.example', __proto__: 'p' }))
    expect([url.host, url.pathname, url.hash]).toEqual(['a.example', '/live', ''])
  })
})

describe('subprotocols', () => {
  function protocolsOf(protocols: Parameters<typeof toAddress>[2]): string[] {
    return toAddress('wss://a.example', undefined, protocols, undefined).protocols
  }

  it('are a list, most wanted first', () => {
    expect(protocolsOf(undefined)).toEqual([])
    expect(protocolsOf('chat')).toEqual(['chat'])
    expect(protocolsOf(['v2.chat', 'v1.chat'])).toEqual(['v2.chat', 'v1.chat'])
    expect(protocolsOf("!#$%&'*+-.^_`|~aZ09")).toEqual(["!#$%&'*+-.^_`|~aZ09"])
  })

  it.each([
    [['chat', 'chat']],
    [''],
    ['a b'],
    ['a,b'],
    ['a/b'],
    ['a=b'],
    ['é'],
    ['a\n'],
    [['fine', 'not fine']],
  ])('%j cannot be', (protocols) => {
    expect(errorOf(() => protocolsOf(protocols)).code).toBe('invalid-protocols')
  })

  it('do not show in the error, for tokens are sent as subprotocols, too (R12)', () => {
    const error = errorOf(() => protocolsOf(['bearer', 'c2Vj/cmV0=']))
    expect(String(error)).not.toContain('c2Vj/cmV0=')
  })
})
