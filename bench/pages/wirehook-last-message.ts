import { wirehookLastMessage } from './contenders/wirehook'
import { startContender } from './start-contender'

startContender(wirehookLastMessage)
