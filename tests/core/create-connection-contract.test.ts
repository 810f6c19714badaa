import type { FrameData } from '../../src/core/connection'
import { createConnection } from '../../src/core/create-connection'
import { describeConnection } from '../connection-contract'
import { createFakeEnvironment } from '../fake-environment'

describeConnection('a plain connection', () => {
  const environment = createFakeEnvironment()
  const connection = createConnection('wss://a.example/live', { environment })
  const { advance, newestSocket, countLiveSockets, reportedErrors, sockets } = environment
  const parse = (data: FrameData): unknown => JSON.parse(data as string)
  return {
    connection,
    lingerMs: 1000,
    advance,
    reportedErrors,
    async accept() {
      await advance(0)
      await newestSocket().open()
    },
    async cut() {
      newestSocket().cut()
      await advance(0)
    },
    async refuse() {
      newestSocket().closeWith(4403)
      await advance(0)
    },
    async deliver(message) {
      newestSocket().receive(message)
      await advance(0)
    },
    readArrived: () => sockets.flatMap(({ sent }) => sent.map(parse)),
    countLinks: countLiveSockets,
  }
})
