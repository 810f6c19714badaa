import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import type { Contender } from '../contender'
import { queueAddress, watchFlush } from '../flushing'
import { rootElement } from '../stage'
import { settled, signal } from '../time'
import type { Parameters, Prepared } from '../workload'

/** What is sent before the connection is open, until the server has all of it. */
export async function flush(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages')
  const mounted = signal<(value: unknown) => void>()
  const flushed = watchFlush()

  function Sender() {
    const { send } = contender.useStatus()
    useEffect(() => mounted.resolve(send), [send])
    return null
  }

  await settled()
  return {
    async run() {
      createRoot(rootElement()).render(
        <contender.Connection url={queueAddress(parameters)}>
          <Sender />
        </contender.Connection>,
      )
      const send = await mounted.promise
      await settled()
      const startedAt = performance.now()
      for (let index = 0; index < count; index += 1) send({ queued: index })
      const enqueueMs = performance.now() - startedAt
      return { ...(await flushed), enqueueMs }
    },
  }
}
