import { describeChatServer } from './chat-server-contract'
import { startNodeServer } from './chat-server'

describeChatServer({
  name: 'the Node server',
  isSkipped: false,
  start: startNodeServer,
  smallBacklog: { MAX_BACKLOG_BYTES: 50_000 },
  endCode: 1012,
})
