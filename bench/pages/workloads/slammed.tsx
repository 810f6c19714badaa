import { createRoot } from 'react-dom/client'
import type { Contender } from '../contender'
import { sockets } from '../sockets'
import { rootElement } from '../stage'
import { settled, wait } from '../time'
import type { Parameters, Prepared } from '../workload'

/** A server that takes every connection and closes it at once: how often is it tried? */
export async function slammed(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const seconds = parameters.number('seconds')
  function Status() {
    return contender.useStatus().isOpen ? <p>open</p> : null
  }

  await settled()
  return {
    async run() {
      createRoot(rootElement()).render(
        <contender.Connection url={`${parameters.server}?slam`}>
          <Status />
        </contender.Connection>,
      )
      await wait(seconds * 1000)
      return { attempts: sockets.length }
    },
  }
}
