import { reactUseWebSocket } from './contenders/react-use-websocket'
import { startContender } from './start-contender'

startContender(reactUseWebSocket)
