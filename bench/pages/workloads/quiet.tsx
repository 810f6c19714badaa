import { useLayoutEffect } from 'react'
import type { Contender } from '../contender'
import { order, watchSockets } from '../sockets'
import { mount } from '../stage'
import { signal } from '../time'
import type { Parameters, Prepared } from '../workload'

const warmUp = 10

/** From the event of a message to its text in the document, on a connection with little to do. */
export async function quiet(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages') + warmUp
  const times: number[] = []
  const done = signal()
  let arrivedAt = 0
  watchSockets('message', () => {
    arrivedAt = performance.now()
  })

  function Latest() {
    const message = contender.useLatest()
    const index = message?.index
    // React has changed the text before it runs this.
    useLayoutEffect(() => {
      if (index === undefined) return
      if (index >= warmUp) times.push(performance.now() - arrivedAt)
      if (index === count - 1) done.resolve()
    }, [index])
    return <output>{index}</output>
  }

  await mount(contender, { url: parameters.server }, <Latest />)
  return {
    async run() {
      order({ do: 'ticks', count, everyMs: parameters.number('everyMs') })
      await done.promise
      times.sort((one, other) => one - other)
      return {
        p50Ms: times[Math.floor(times.length / 2)] ?? Number.NaN,
        count: times.length,
      }
    },
  }
}
