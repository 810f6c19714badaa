import { useCallback, useLayoutEffect } from 'react'
import type { Contender } from '../contender'
import { order, prepareArrival, sockets } from '../sockets'
import { mount } from '../stage'
import { settled } from '../time'
import type { Parameters, Prepared } from '../workload'

const statusComponents = 10

/**
 * Who sees what of many messages, and how often it renders. They come in one task, told by a script,
 * so that React may batch all of them; or in one piece from the server.
 */
export async function oneTask(contender: Contender, parameters: Parameters): Promise<Prepared> {
  const count = parameters.number('messages')
  const from = parameters.text('from')
  const allArrived = prepareArrival()
  const seen = { renders: 0, statusRenders: 0, heard: 0, listed: 0, shown: -1 }

  function Latest() {
    const message = contender.useLatest()
    useLayoutEffect(() => {
      seen.renders += 1
      seen.shown = message?.index ?? -1
    })
    return <output>{message?.price}</output>
  }

  function Listener() {
    contender.useListener(useCallback(() => void (seen.heard += 1), []))
    return null
  }

  function List() {
    const list = contender.useList()
    useLayoutEffect(() => {
      seen.listed = list.length
    })
    return <output>{list.length}</output>
  }

  function Status() {
    const { isOpen } = contender.useStatus()
    useLayoutEffect(() => void (seen.statusRenders += 1))
    return <output>{isOpen ? 'open' : 'not open'}</output>
  }

  await mount(
    contender,
    { url: parameters.server },
    <>
      <Latest />
      <Listener />
      <List />
      {Array.from({ length: statusComponents }, (_, index) => (
        <Status key={index} />
      ))}
    </>,
  )

  return {
    async run() {
      Object.assign(seen, { renders: 0, statusRenders: 0, heard: 0 })
      if (from === 'server') {
        order({ do: 'burst', count, topics: 1 })
        await allArrived()
      } else dispatchAll(count)
      await settled()
      return { ...seen, isNewestShown: Number(seen.shown === count - 1) }
    },
  }
}

function dispatchAll(count: number): void {
  const socket = sockets.at(-1)
  for (let index = 0; index < count; index += 1) {
    const data = JSON.stringify({ type: 'price', topic: 'T0', index, price: index / 100, size: 1 })
    socket?.dispatchEvent(new MessageEvent('message', { data }))
  }
}
