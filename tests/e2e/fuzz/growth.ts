import * as fc from 'fast-check'
import { createConnection } from 'wirehook/core'
import { createFakeEnvironment } from '../../fake-environment'
import { measureResources } from '../chaos/resources'
import { anyFrame } from './frames'
import { toOptions, type FuzzSetting } from './setting'

/** More than the heap differs by from one measurement to the next, far less than was fed. */
export const heapSlackBytes = 750_000

const setting: FuzzSetting = {
  schema: 'none',
  hasHeartbeat: true,
  hasRequests: false,
  isNaive: false,
  maxMessageBytes: 16_777_216,
}

const roundCount = 20
/** What the first rounds leave is kept on purpose: the newest messages, ids and topics. */
const warmUpRounds = 9
const topicsPerRound = 1500
const requestsPerRound = 6000

interface Growth {
  readonly heapBytes: number
  /** Topics whose newest message is still known. */
  readonly topics: number
}

/** Feeds one connection with garbage, and with a topic and an id of its own each time, on and on. */
export async function measureGrowth(): Promise<Growth> {
  const frames = fc.sample(anyFrame, { numRuns: 1500, seed: 1 })
  const environment = createFakeEnvironment()
  const connection = createConnection('wss://a.example/', {
    ...toOptions(setting),
    onInvalid: () => {},
    environment,
  })
  let topics = 0
  let heapAtFirst = 0

  connection.lease()
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()

  async function askAndAnswer(): Promise<void> {
    for (let asked = 0; asked < requestsPerRound; asked += 1) {
      const sentBefore = socket.sent.length
      const answer = connection.request({ asked }, { timeoutMs: 0 })
      socket.receiveFrame(socket.sent[sentBefore])
      await answer
    }
  }

  for (let round = 0; round < roundCount; round += 1) {
    frames.forEach(socket.receiveFrame)
    for (let next = 0; next < topicsPerRound; next += 1) {
      socket.receive({ topic: `topic ${topics}`, text: 'x'.repeat(50) })
      topics += 1
    }
    await askAndAnswer()
    await environment.advance(0)
    // What the fake world keeps of the past is not the connection's.
    forget(socket.sent)
    forget(environment.reportedErrors)
    if (round === warmUpRounds) heapAtFirst = (await measureResources()).heapBytes
  }
  const { heapBytes } = await measureResources()
  const names = Array.from({ length: topics }, (_, index) => `topic ${index}`)
  return {
    heapBytes: heapBytes - heapAtFirst,
    topics: names.filter((name) => connection.getLastMessage(name) !== undefined).length,
  }
}

function forget(list: readonly unknown[]): void {
  ;(list as unknown[]).length = 0
}
