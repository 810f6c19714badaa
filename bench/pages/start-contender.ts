import './sockets'
import type { Contender } from './contender'
import { start, type Workload } from './workload'
import { burst } from './workloads/burst'
import { echo } from './workloads/echo'
import { flush } from './workloads/flush'
import { halfOpen } from './workloads/half-open'
import { mounting } from './workloads/mounting'
import { oneTask } from './workloads/one-task'
import { quiet } from './workloads/quiet'
import { slammed } from './workloads/slammed'
import { stream } from './workloads/stream'

const workloads = { burst, oneTask, stream, echo, quiet, mounting, flush, halfOpen, slammed }

export function startContender(contender: Contender): void {
  const entries = Object.entries(workloads).map(([name, prepare]): [string, Workload] => [
    name,
    (parameters) => prepare(contender, parameters),
  ])
  start(Object.fromEntries(entries))
}
