/** What each code means. `docs/errors.md` has a heading for each, with more on what to try. */
const catalogue = {
  'address-failed':
    'A url, params or protocols function failed, or gave no answer within connectTimeoutMs.',
  'attempts-exhausted':
    'All reconnect.maxAttempts failed. reconnect() starts over; the cause is the last failure.',
  'closed-for-good':
    'The server closed with a code that forbids another try, or reconnect.decide said stop.',
  'connect-timeout': 'The socket did not open within connectTimeoutMs.',
  'encode-failed':
    'The codec cannot encode this value, or send() got something else than text or bytes.',
  'handshake-failed': 'The handshake failed, or did not complete within connectTimeoutMs.',
  'heartbeat-timeout': 'Nothing was heard from the server within heartbeat.timeoutMs of asking.',
  'insecure-url': 'An https page may not open a ws: URL. Use wss:.',
  'invalid-message': 'A message is not what the incoming or outgoing schema says; see cause.',
  'invalid-option': 'An option has a value that cannot work.',
  'invalid-protocols': "Name each subprotocol once, in letters, digits and !#$%&'*+-.^_`|~ only.",
  'invalid-url':
    'This is no URL for a socket. Use ws:, wss:, http:, https:, or a path in a page; no fragment (#).',
  'malformed-message': 'An inbound message did not decode. Set codec if the server speaks no JSON.',
  'message-too-large': 'An inbound message is larger than maxMessageBytes.',
  'missing-source':
    'This hook has no source. Pass a URL or a connection (null for none), or put a WebSocketProvider with one above.',
  'no-requests':
    'request() needs to know how answers are told. Pass the option requests, for instance byId() or jsonRpc().',
  'no-websocket':
    'There is no WebSocket here, or environment.createSocket failed. Pass environment: { createSocket }, for instance with the ws package.',
  'outcome-unknown':
    'The link was lost after the request was sent and before an answer came. Ask the server, or pass idempotent: true if asking twice does no harm.',
  'queue-full':
    'No room for this message. Wait until the connection is open and has caught up, or change queue.maxMessages, maxBytes or overflow.',
  'request-dropped': 'The request will never be sent: no queue, no room in it, or no connection.',
  'request-failed': 'The server answered the request with an error; see cause.',
  'request-timeout': 'No answer to the request came within timeoutMs.',
  unauthorized: 'The server closed with 4401 twice in a row, also with fresh params.',
} as const

/** Why an operation or a connection failed. */
export type WirehookErrorCode = keyof typeof catalogue

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** The sentence for a code; production builds leave the sentences out and keep the codes. */
function explain(code: WirehookErrorCode): string {
  try {
    if (process.env.NODE_ENV !== 'production') return ` ${catalogue[code]}`
  } catch {
    // A browser without a bundler has no process.
  }
  return ''
}

/**
 * The one error class of this package. Compare `code`, never the message. A message names the
 * connection by its URL without query, fragment and credentials, so it is safe to log.
 */
export class WirehookError extends Error {
  override readonly name = 'WirehookError'
  readonly code: WirehookErrorCode

  /** @param subject what it is about: a redacted URL, or the name of an option */
  constructor(code: WirehookErrorCode, subject: string, cause?: unknown) {
    super(`wirehook ${code} (${subject}).${explain(code)}`, { cause })
    this.code = code
  }
}

/** Tells a `WirehookError` from any other value, also one made by another copy of the package. */
export function isWirehookError(value: unknown): value is WirehookError {
  const { name, code } = Object(value) as Partial<WirehookError>
  return name === 'WirehookError' && typeof code === 'string'
}
