import type { PerAttempt, UrlParams } from './connection-options'
import { WirehookError } from './errors'

/** Where a socket goes and which subprotocols it offers. */
export interface Address {
  readonly url: string
  readonly protocols: string[]
}

/** Hosts that browsers trust without TLS (Secure Contexts, "potentially trustworthy origin"). */
const loopback = /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1]$/

/** A token in the sense of HTTP (RFC 9110 §5.6.2), as subprotocols have to be (RFC 6455 §4.1). */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** A URL that may be shown: without query, fragment and credentials, where secrets live. */
export function redactUrl(url: string | URL): string {
  return String(url)
    .replace(/[?#\s].*/s, '')
    .replace(/\/\/[^/]*@/, '//')
}

/**
 * The absolute `ws:` or `wss:` URL for what a person may write: relative and `http(s)` URLs are
 * resolved as by the WebSocket constructor (WHATWG WebSockets, "constructor steps"), which not
 * every engine does yet. Only what React Native's `URL` has is used of it: nothing can be set there.
 */
export function toSocketUrl(url: string | URL, baseUrl: string | undefined): string {
  let href = ''
  let hostname = ''
  try {
    // An empty one would be the page itself, which nobody means.
    if (String(url)) ({ href, hostname } = new URL(String(url), baseUrl))
  } catch {
    // Reported below, without the browser's message: it would show the whole URL.
  }
  const target = href.replace(/^http/, 'ws')
  if (!/^wss?:[^#]*$/.test(target)) throw new WirehookError('invalid-url', redactUrl(url))
  const isInClear = target.startsWith('ws:')
  if (isInClear && baseUrl?.startsWith('https:') && !loopback.test(hostname)) {
    throw new WirehookError('insecure-url', redactUrl(url))
  }
  return target
}

/**
 * What tells one shared connection from another: where it goes, what it offers, and the name that
 * users may give to one of their own.
 */
export function connectionKey(
  url: string | URL,
  protocols: PerAttempt<string | readonly string[]> | undefined,
  baseUrl: string | undefined,
  name = '',
): string {
  let destination = url
  try {
    destination = toSocketUrl(url, baseUrl)
  } catch {
    // A URL that cannot be used still needs a key; opening it reports what is wrong.
  }
  const offered = typeof protocols === 'function' ? [] : (protocols ?? [])
  // No URL that can be used contains a #, so a name is not mistaken for anything else.
  return [destination, offered].flat().join(' ') + (name && `#${name}`)
}

/** @throws WirehookError if the parts cannot make an address */
export function toAddress(
  url: string | URL,
  params: UrlParams | undefined,
  protocols: string | readonly string[] | undefined,
  baseUrl: string | undefined,
): Address {
  const target = withParams(toSocketUrl(url, baseUrl), params ?? {})
  const names = [protocols ?? []].flat()
  if (new Set(names).size < names.length || !names.every((name) => token.test(name))) {
    // Their names are not shown: some carry a token.
    throw new WirehookError('invalid-protocols', redactUrl(url))
  }
  return { url: target, protocols: names }
}

/** In text: React Native's `URLSearchParams` takes away what follows a second `=`. */
function withParams(url: string, params: UrlParams): string {
  const added = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value != null) added.append(name, String(value))
  }
  const [path, query = ''] = url.split(/\?(.*)/)
  const kept = query.split('&').filter((pair) => pair && !added.has(pair.replace(/=.*/, '')))
  return String(added) ? `${path}?${[...kept, added].join('&')}` : url
}
