import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isWirehookError, WirehookError, type WirehookErrorCode } from '../../src/core/errors'

/** A record, so that a code that is missing here does not compile. */
const codes = Object.keys({
  'address-failed': true,
  'attempts-exhausted': true,
  'closed-for-good': true,
  'connect-timeout': true,
  'encode-failed': true,
  'handshake-failed': true,
  'heartbeat-timeout': true,
  'insecure-url': true,
  'invalid-message': true,
  'invalid-option': true,
  'invalid-protocols': true,
  'invalid-url': true,
  'malformed-message': true,
  'message-too-large': true,
  'missing-source': true,
  'no-requests': true,
  'no-websocket': true,
  'outcome-unknown': true,
  'queue-full': true,
  'request-dropped': true,
  'request-failed': true,
  'request-timeout': true,
  unauthorized: true,
} satisfies Record<WirehookErrorCode, true>) as WirehookErrorCode[]

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('docs/errors.md', () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)

  it('has a heading for every code, in their order, and no other', () => {
    expect(headings).toEqual(codes)
  })

  it.each(codes)('says under %s what happened and what to try', (code) => {
    const section = page.split(`## ${code}\n`)[1]?.split('\n## ')[0] ?? ''
    const [happened, toTry] = section.split('**Try:**')
    expect(happened?.trim()).toMatch(/\w{3}/)
    expect(toTry?.trim()).toMatch(/\w{3}/)
  })
})

describe('an error', () => {
  it('has a code, a cause and a name', () => {
    const cause = new Error('cause')
    const error = new WirehookError('address-failed', 'wss://a.example/', cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'WirehookError', code: 'address-failed', cause })
  })

  it.each(codes)('of code %s names its code and subject and explains itself', (code) => {
    const { message } = new WirehookError(code, 'the subject')
    expect(message).toMatch(new RegExp(`^wirehook ${code} \\(the subject\\)\\. .{20}`))
    expect(message.endsWith('.')).toBe(true)
  })

  it('says no more than code and subject in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { message } = new WirehookError('queue-full', 'the subject')
    expect(message).toBe('wirehook queue-full (the subject).')
  })

  it('can be made where there is no process', () => {
    vi.stubGlobal('process', undefined)
    expect(new WirehookError('queue-full', 'x').message).toMatch(/^wirehook queue-full \(x\)\./)
  })
})

describe('isWirehookError', () => {
  it('is true for our errors', () => {
    expect(isWirehookError(new WirehookError('queue-full', 'x'))).toBe(true)
  })

  it('is true for those of another copy of the package', () => {
    class OtherWirehookError extends Error {
      override readonly name = 'WirehookError'
      readonly code = 'queue-full'
    }
    expect(isWirehookError(new OtherWirehookError())).toBe(true)
  })

  it('is true for those of another realm', () => {
    const foreign: unknown = runInNewContext(
      `Object.assign(new Error('x'), { name: 'WirehookError', code: 'queue-full' })`,
    )
    expect(foreign).not.toBeInstanceOf(Error)
    expect(isWirehookError(foreign)).toBe(true)
  })

  it.each([
    undefined,
    null,
    'WirehookError',
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ENOENT' }),
    Object.assign(new Error('x'), { name: 'WirehookError' }),
    new DOMException('x', 'AbortError'),
    {},
    () => {},
  ])('is false for %o', (value) => {
    expect(isWirehookError(value)).toBe(false)
  })
})
