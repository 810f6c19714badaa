import { wirehook } from './contenders/wirehook'
import { startContender } from './start-contender'

startContender(wirehook)
