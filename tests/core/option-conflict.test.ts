import { type } from 'arktype'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { z } from 'zod'
import { warnAboutConflict } from '../../src/core/option-conflict'

let warn: MockInstance<typeof console.warn>

beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})

afterEach(() => warn.mockRestore())

function warnings(): string[] {
  return warn.mock.calls.map(([text]) => String(text))
}

describe('two users with different options', () => {
  it('are told, with the names of the options', () => {
    warnAboutConflict('wss://names.example/', { lingerMs: 1, queue: false }, { lingerMs: 2 })
    expect(warnings()).toHaveLength(1)
    expect(warnings()[0]).toMatch(/wss:\/\/names\.example\/ .*: lingerMs, queue\./)
  })

  it('are told once', () => {
    for (let round = 0; round < 3; round += 1) {
      warnAboutConflict('wss://once.example/', { lingerMs: 1 }, { lingerMs: 2 })
    }
    expect(warnings()).toHaveLength(1)
    warnAboutConflict('wss://once.example/', { lingerMs: 1 }, { queue: false })
    warnAboutConflict('wss://another.example/', { lingerMs: 1 }, { lingerMs: 2 })
    expect(warnings()).toHaveLength(3)
  })

  it('are told if only one of them gave any', () => {
    warnAboutConflict('wss://one.example/', undefined, { lingerMs: 2 })
    expect(warnings()[0]).toContain(': lingerMs.')
  })

  it('do not see values, nor the secrets in a URL (R12)', () => {
    warnAboutConflict(
      'wss://user:secret@hidden.example/live?token=secret',
      { params: { token: 'secret-1' } },
      { params: { token: 'secret-2' } },
    )
    expect(warnings()[0]).toContain('wss://hidden.example/live')
    expect(warnings()[0]).not.toContain('secret')
  })

  it('do not see the subprotocols in a key, which may be tokens (R12)', () => {
    warnAboutConflict('wss://key.example/ bearer.secret', { lingerMs: 1 }, { lingerMs: 2 })
    expect(warnings()[0]).toContain('wss://key.example/')
    expect(warnings()[0]).not.toContain('secret')
  })
})

describe('two users are not bothered', () => {
  it.each([
    ['equal values', { reconnect: { factor: 3 } }, { reconnect: { factor: 3 } }],
    ['nothing at all', {}, undefined],
    ['undefined and nothing', { lingerMs: undefined }, {}],
    ['functions that are new on every render', { handshake() {} }, { handshake() {} }],
    [
      'functions inside of objects',
      { reconnect: { decide: () => 'stop' as const } },
      { reconnect: { decide: () => 'retry' as const } },
    ],
  ])('about %s', (label, deciding, ignored) => {
    warnAboutConflict(`wss://${label}/`, deciding, ignored)
    expect(warnings()).toEqual([])
  })
})

describe('options that JSON cannot show', () => {
  const cycle: { self?: unknown; n: number } = { n: 1 }
  cycle.self = cycle

  it.each([
    ['a cycle', cycle],
    ['a bigint', { n: 1n }],
  ])('do not make it throw (%s)', (label, value) => {
    const options = { environment: value as object }
    expect(() => warnAboutConflict(`wss://${label}/`, options, { lingerMs: 2 })).not.toThrow()
  })
})

describe('schemas and codecs', () => {
  it.each([
    ['zod', () => z.object({ type: z.literal('a'), n: z.number() })],
    ['valibot', () => v.object({ type: v.literal('a'), n: v.number() })],
    ['arktype', () => type({ type: "'a'", n: 'number' })],
    ['zod-by-type', () => ({ a: z.object({ type: z.literal('a') }) })],
  ])('that are made again on every render bother nobody (%s)', (label, make) => {
    const [deciding, ignored] = [{ incoming: make() }, { incoming: make() }]
    expect(() => warnAboutConflict(`wss://${label}/`, deciding, ignored)).not.toThrow()
    expect(warnings()).toEqual([])
  })

  it('that only one of two users gave are told by name', () => {
    const codec = { encode: JSON.stringify, decode: (data: unknown) => data }
    warnAboutConflict('wss://codec/', { codec, topicOf: () => 'x' }, { schedule: 'frame' })
    expect(warnings()[0]).toContain(': codec, topicOf, schedule.')
  })
})
