import { floorContender } from './contenders/floor'
import { startContender } from './start-contender'

startContender(floorContender)
