import { ahooks } from './contenders/ahooks'
import { startContender } from './start-contender'

startContender(ahooks)
