import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { WirehookError } from '../../src/core/errors'
import { warnAboutInvalidMessage } from '../../src/core/invalid-message-warning'

let warn: MockInstance<typeof console.warn>

beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})

afterEach(() => {
  vi.unstubAllEnvs()
  warn.mockRestore()
})

function refuse(url: string): WirehookError {
  return new WirehookError('invalid-message', url)
}

describe('the warning about a refused message', () => {
  it('names where in the message the issues are, and not what came', () => {
    warnAboutInvalidMessage(refuse('wss://where.example/'), [
      { message: 'Expected a number, got "secret"', path: ['items', { key: 3 }, 'price'] },
      { message: 'Not what was expected' },
      { message: 'Missing', path: ['type'] },
    ])
    expect(warn).toHaveBeenCalledOnce()
    const text = String(warn.mock.calls[0]?.[0])
    expect(text).toContain('invalid-message (wss://where.example/)')
    expect(text).toContain('items.3.price, type')
    expect(text).not.toContain('secret')
  })

  it('comes once for each place', () => {
    for (const name of ['a', 'b', 'a', 'a']) {
      warnAboutInvalidMessage(refuse('wss://once.example/'), [{ message: '', path: [name] }])
    }
    expect(warn).toHaveBeenCalledTimes(2)
  })

  it('comes without places, too', () => {
    warnAboutInvalidMessage(refuse('wss://nowhere.example/'), [{ message: 'No.' }])
    expect(warn.mock.calls[0]?.[0]).not.toContain('It is about')
  })

  it('is left out in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    warnAboutInvalidMessage(refuse('wss://production.example/'), [])
    expect(warn).not.toHaveBeenCalled()
  })
})
