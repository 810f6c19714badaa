import { createConnection, type WirehookErrorCode } from 'wirehook/core'
import { createFakeEnvironment } from '../../fake-environment'
import type { FuzzFrame } from './frames'
import { askedIds, findTopic, foretell, toOptions, type Fate, type FuzzSetting } from './setting'

/** How often something became of a frame. */
export type Fates = Record<Fate, number>

/** Names under which listeners ask for messages of their own. */
const names = ['__proto__', 'constructor', 'toString', 'price']

const refusals: readonly WirehookErrorCode[] = [
  'malformed-message',
  'invalid-message',
  'message-too-large',
]

/** A connection in a fake world that gets frames, and a record of what becomes of them. */
async function openFuzzed(setting: FuzzSetting) {
  const environment = createFakeEnvironment()
  const told: unknown[] = []
  const named = { type: 0, topic: 0 }
  const errors: string[] = []
  let invalid = 0
  const connection = createConnection('wss://a.example/', {
    ...toOptions(setting),
    onInvalid: () => (invalid += 1),
    environment,
  })
  connection.on('message', (message) => told.push(message))
  connection.on('error', ({ code }) => errors.push(code))
  for (const name of names) {
    connection.on('message', () => (named.type += 1), { type: name })
    connection.on('message', () => (named.topic += 1), { topic: name })
  }
  connection.lease()
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  if (setting.hasRequests) askAll()

  function askAll(): void {
    for (const _id of askedIds) {
      // The answer may be an error; that it is one is looked at elsewhere.
      connection.request({}, { timeoutMs: 0 }).catch(() => {})
    }
  }

  return {
    environment,
    connection,
    socket,
    /** What has become of all frames so far: told and refused. */
    count: () => ({ told: told.length, refused: errors.length, invalid }),
    /** What is wrong after all frames have been dealt with. */
    findFaults(): string[] {
      const isExpected = (error: unknown): boolean => setting.isNaive && error instanceof TypeError
      const expected = {
        type: told.filter((message) => names.includes(typeOf(message) as string)).length,
        topic: told.filter((message) => names.includes(topicOf(setting, message) as string)).length,
      }
      const { status, invalidMessages } = connection.getSnapshot()
      return [
        ...environment.reportedErrors.filter((error) => !isExpected(error)).map(String),
        ...errors.filter((code) => !refusals.includes(code as WirehookErrorCode)),
        ...(invalid === errors.length ? [] : [`onInvalid ${invalid} times for ${errors.length}`]),
        ...(invalidMessages === invalid ? [] : [`invalidMessages ${invalidMessages}`]),
        ...(status === 'open' ? [] : [`it is ${status}`]),
        ...(['type', 'topic'] as const).flatMap((kind) =>
          named[kind] === expected[kind]
            ? []
            : [`by ${kind}: ${named[kind]}, not ${expected[kind]}`],
        ),
      ]
    },
  }
}

function typeOf(message: unknown): unknown {
  return (Object(message) as { type?: unknown }).type
}

function topicOf(setting: FuzzSetting, message: unknown): unknown {
  try {
    return findTopic(setting, message)
  } catch {
    return undefined
  }
}

/**
 * Feeds frames to a connection of their own.
 *
 * @returns what became of them
 * @throws Error that says which frame came to something else than it should
 */
export async function feed(setting: FuzzSetting, frames: readonly FuzzFrame[]): Promise<Fates> {
  const fuzzed = await openFuzzed(setting)
  const expected: Fates = { told: 0, refused: 0, swallowed: 0 }

  function compare(subject: string): void {
    const { told, refused } = fuzzed.count()
    if (told === expected.told && refused === expected.refused) return
    throw new Error(`${subject}: ${told} told, ${refused} refused, not ${JSON.stringify(expected)}`)
  }

  for (const frame of frames) {
    fuzzed.socket.receiveFrame(frame)
    expected[foretell(setting, frame)] += 1
    if (setting.schema !== 'slow') compare(describeFrame(frame))
  }
  await fuzzed.environment.advance(0)
  compare('in the end')
  const faults = fuzzed.findFaults()
  if (faults.length) throw new Error(faults.join('\n'))
  return expected
}

function describeFrame(frame: FuzzFrame): string {
  return typeof frame === 'string' ? JSON.stringify(frame) : `${frame.byteLength} bytes`
}
