import { partysocket } from './contenders/partysocket'
import { startContender } from './start-contender'

startContender(partysocket)
