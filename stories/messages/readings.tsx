import { useEffect } from 'react'
import { useMessage, useMessages, useWebSocket, WebSocketProvider } from 'wirehook'
import type { Tick } from '../server/stream-service'
import type { Meter } from './meter'
import { useCommits } from './render-count'
import { useTutorialSocket } from './use-tutorial-socket'

export interface ReadingsProps {
  readonly url: string
  readonly perSecond: number
  readonly meter: Meter
}

/** How many values are shown. */
const shown = 120

/** With the hook that most tutorials have. */
export function TutorialReadings({ url, perSecond, meter }: ReadingsProps) {
  const { messages, isOpen, send } = useTutorialSocket<Tick>(url, ({ number }) =>
    meter.takeMessage(number),
  )

  useEffect(() => {
    if (isOpen) send({ type: 'rate', perSecond })
  }, [isOpen, send, perSecond])

  return <Bars ticks={messages} meter={meter} />
}

/** With wirehook. */
export function WirehookReadings({ url, perSecond, meter }: ReadingsProps) {
  return (
    <WebSocketProvider url={url}>
      <Rate perSecond={perSecond} />
      <WirehookBars meter={meter} />
    </WebSocketProvider>
  )
}

function Rate({ perSecond }: Pick<ReadingsProps, 'perSecond'>) {
  const { status, sendJSON } = useWebSocket()

  useEffect(() => {
    if (status === 'open') sendJSON({ type: 'rate', perSecond })
  }, [status, sendJSON, perSecond])

  return null
}

function WirehookBars({ meter }: Pick<ReadingsProps, 'meter'>) {
  const ticks = useMessages<Tick>({ limit: shown })
  useMessage<Tick>(({ number }) => meter.takeMessage(number))
  return <Bars ticks={ticks} meter={meter} />
}

interface BarsProps {
  readonly ticks: readonly Tick[]
  readonly meter: Meter
}

/** The same for both: the last values, and the newest one in figures. */
function Bars({ ticks, meter }: BarsProps) {
  useCommits(() => meter.takeRender(ticks.length))
  const newest = ticks.at(-1)
  const values = ticks.slice(-shown).map(({ value }) => value)
  return (
    <figure className="bars">
      <div aria-hidden="true">
        {Array.from({ length: shown }, (_, index) => (
          <i key={index} style={{ height: `${values[index] ?? 0}%` }} />
        ))}
      </div>
      <figcaption>
        {newest ? `No. ${newest.number.toLocaleString('en')}: ${newest.value}` : 'Nothing yet'}
      </figcaption>
    </figure>
  )
}
