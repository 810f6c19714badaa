import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Contender } from '../contender'
import { mount } from '../stage'
import { settled } from '../time'
import type { Parameters, Prepared } from '../workload'

/** Many components that want to know about an open connection, all at once. */
export async function mounting(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('components')
  let setCount: (count: number) => void = () => {}

  // It puts nothing into the document, so that only the hook is measured, and React.
  function User() {
    return contender.useStatus().isOpen ? null : <p>not open</p>
  }

  function Users() {
    const [shown, setShown] = useState(0)
    useEffect(() => {
      setCount = setShown
    }, [])
    return Array.from({ length: shown }, (_, index) => <User key={index} />)
  }

  await mount(contender, { url: parameters.server }, <Users />)
  return {
    async run() {
      const startedAt = performance.now()
      // Effects of such a render run before it returns, so subscribing counts as well.
      flushSync(() => setCount(count))
      const timeMs = performance.now() - startedAt
      await settled()
      return { timeMs }
    },
  }
}
