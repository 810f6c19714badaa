import { memo, useLayoutEffect } from 'react'
import type { Contender, Quote } from '../contender'
import { order, prepareArrival } from '../sockets'
import { mount } from '../stage'
import { settled, wait } from '../time'
import type { Parameters, Prepared } from '../workload'

/** A market: each row shows the price of its topic, and how often it was traded. */
export async function stream(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const perSecond = parameters.number('perSecond')
  const seconds = parameters.number('seconds')
  const topics = Array.from({ length: parameters.number('topics') }, (_, index) => `T${index}`)
  const counts = new Map<string, number>()
  const allArrived = prepareArrival()
  let renders = 0

  const Row = memo(function Row({ topic, quote }: { topic: string; quote: Quote }) {
    useLayoutEffect(() => {
      renders += 1
      counts.set(topic, quote.count)
    })
    return (
      <tr>
        <th scope="row">{topic}</th>
        <td>{quote.price}</td>
        <td>{quote.count}</td>
      </tr>
    )
  })

  await mount(
    contender,
    { url: parameters.server },
    <table>
      <tbody>
        <contender.Board topics={topics} Row={Row} />
      </tbody>
    </table>,
  )

  return {
    async run() {
      renders = 0
      order({ do: 'stream', perSecond, seconds, topics: topics.length })
      await wait(seconds * 1000)
      await allArrived()
      await settled()
      const shown = [...counts.values()].reduce((sum, count) => sum + count, 0)
      return { renders, missed: perSecond * seconds - shown }
    },
  }
}
