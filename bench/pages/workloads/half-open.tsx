import type { Contender } from '../contender'
import { order, watchSockets } from '../sockets'
import { mount } from '../stage'
import { signal, wait } from '../time'
import type { Parameters, Prepared } from '../workload'

/** A link that dies without a word, until the next socket is open. */
export async function halfOpen(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const boundMs = parameters.number('boundMs')
  const reopened = signal<number>()
  let opened = 0
  watchSockets('open', () => {
    opened += 1
    if (opened === 2) reopened.resolve(performance.now())
  })
  await mount(
    contender,
    { url: parameters.server, heartbeatMs: parameters.number('heartbeatMs'), maxDelayMs: 1000 },
    null,
  )

  return {
    async run() {
      const startedAt = performance.now()
      order({ do: 'mute' })
      const endedAt = await Promise.race([reopened.promise, wait(boundMs).then(() => undefined)])
      return { timeMs: endedAt === undefined ? boundMs : endedAt - startedAt }
    },
  }
}
