import { reconnectingWebSocket } from './contenders/reconnecting-websocket'
import { startContender } from './start-contender'

startContender(reconnectingWebSocket)
