import * as fc from 'fast-check'
import { byId, type ConnectionOptions, type StandardSchema } from 'wirehook/core'
import type { FuzzFrame } from './frames'

/** How the connection of a case is configured. */
export interface FuzzSetting {
  readonly schema: 'none' | 'one' | 'by type' | 'slow'
  readonly hasHeartbeat: boolean
  readonly hasRequests: boolean
  /** The user's functions expect certain messages, and throw for others. */
  readonly isNaive: boolean
  readonly maxMessageBytes: number
}

export const anySetting: fc.Arbitrary<FuzzSetting> = fc.record({
  schema: fc.constantFrom('none', 'one', 'by type', 'slow'),
  hasHeartbeat: fc.boolean(),
  hasRequests: fc.boolean(),
  isNaive: fc.boolean(),
  maxMessageBytes: fc.constantFrom(16_777_216, 16_777_216, 16_777_216, 40),
})

/** What may become of a frame, each of them exactly once. */
export type Fate = 'told' | 'refused' | 'swallowed'

/** The ids of the requests that are asked on every connection with requests. */
export const askedIds: readonly (string | number)[] = ['r1', 1, '__proto__', '']

interface Fields {
  readonly type?: unknown
  readonly id?: unknown
}

function readFields(message: unknown): Fields {
  return Object(message) as Fields
}

function createSchema(isSlow: boolean): StandardSchema {
  const check = (value: unknown) =>
    typeof readFields(value).type === 'string' ? { value } : { issues: [{ message: 'no type' }] }
  const validate = (value: unknown) => (isSlow ? Promise.resolve(check(value)) : check(value))
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

const incoming = {
  none: undefined,
  one: createSchema(false),
  slow: createSchema(true),
  'by type': { price: createSchema(false), ask: createSchema(false) },
}

export function findTopic({ isNaive }: FuzzSetting, message: unknown): unknown {
  return isNaive
    ? (message as { readonly topic: string }).topic.trim()
    : (Object(message) as { topic?: unknown }).topic
}

export function toOptions(setting: FuzzSetting): ConnectionOptions {
  const { isNaive, hasHeartbeat, hasRequests, maxMessageBytes, schema } = setting
  return {
    maxMessageBytes,
    incoming: incoming[schema],
    topicOf: (message) => findTopic(setting, message) as string,
    ...(hasRequests && {
      requests: byId({ createId: (count) => askedIds[count - 1] ?? `r${count}` }),
    }),
    ...(hasHeartbeat && {
      heartbeat: {
        ...(isNaive && { isPong: (message) => (message as Fields).type === 'pong' }),
        reply: (message) => (readFields(message).type === 'ask' ? 'answer' : undefined),
      },
    }),
  }
}

/** What has to become of a frame, said as plainly as possible. */
export function foretell(setting: FuzzSetting, frame: FuzzFrame): Fate {
  const decoded = decode(setting, frame)
  // What does not decode may still be a pong.
  const message = decoded ? decoded.message : frame
  const { type, id } = readFields(message)
  if (setting.hasRequests && askedIds.includes(id as string)) return 'swallowed'
  if (setting.hasHeartbeat) {
    const isPong = type === 'pong' || (!setting.isNaive && message === 'pong')
    if (isPong || type === 'ask') return 'swallowed'
  }
  if (!decoded || !isValid(setting, type)) return 'refused'
  return 'told'
}

function decode(
  { maxMessageBytes }: FuzzSetting,
  frame: FuzzFrame,
): { readonly message: unknown } | null {
  const byteCount = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength
  if (byteCount > maxMessageBytes) return null
  try {
    return { message: typeof frame === 'string' ? (JSON.parse(frame) as unknown) : frame }
  } catch {
    return null
  }
}

function isValid({ schema }: FuzzSetting, type: unknown): boolean {
  if (schema === 'none') return true
  return schema === 'by type' ? type === 'price' || type === 'ask' : typeof type === 'string'
}
