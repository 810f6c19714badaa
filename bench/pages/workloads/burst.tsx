import { useLayoutEffect } from 'react'
import type { Contender } from '../contender'
import { order } from '../sockets'
import { mount } from '../stage'
import { settled, signal } from '../time'
import type { Prepared, Parameters } from '../workload'

/** Many messages at once: one component shows the newest, all others only want to send. */
export async function burst(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages')
  const others = parameters.number('components') - 1
  const done = signal<number>()
  let renders = 0

  function Latest() {
    const message = contender.useLatest()
    useLayoutEffect(() => {
      renders += 1
      if (message?.index === count - 1) done.resolve(performance.now())
    })
    return <output>{message?.price}</output>
  }

  function Sender() {
    const { isOpen, send } = contender.useStatus()
    return (
      <button type="button" disabled={!isOpen} onClick={() => send({ buy: 1 })}>
        Buy
      </button>
    )
  }

  await mount(
    contender,
    { url: parameters.server },
    // Apart, for React looks at all the siblings of what it renders.
    <>
      <section>
        <Latest />
      </section>
      <section>
        {Array.from({ length: others }, (_, index) => (
          <Sender key={index} />
        ))}
      </section>
    </>,
  )

  return {
    async run() {
      renders = 0
      const startedAt = performance.now()
      order({ do: 'burst', count, topics: 1 })
      const endedAt = await done.promise
      await settled()
      return { timeMs: endedAt - startedAt, renders }
    },
  }
}
