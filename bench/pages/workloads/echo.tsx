import { useCallback, useEffect } from 'react'
import type { Contender } from '../contender'
import { mount } from '../stage'
import type { Parameters, Prepared } from '../workload'
import { measureRoundTrips } from '../round-trips'

/** To the server and back, one at a time. */
export async function echo(contender: Contender, parameters: Parameters): Promise<Prepared> {
  let send: (value: unknown) => void = () => {}
  let onEcho = (): void => {}

  function Asker() {
    const status = contender.useStatus()
    useEffect(() => {
      send = status.send
    }, [status.send])
    contender.useListener(useCallback(() => onEcho(), []))
    return null
  }

  await mount(contender, { url: parameters.server }, <Asker />)
  return {
    run: () =>
      measureRoundTrips(parameters, (index) => {
        send({ echo: index })
        return new Promise((resolve) => {
          onEcho = resolve
        })
      }),
  }
}
