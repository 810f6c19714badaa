import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { useWebSocket } from 'wirehook'
import { readConfiguration } from './configuration'
import { recordSockets } from './recorded-sockets'
import { createPageRoot } from './root'

/** Many components that connect to one address. */
export interface Crowd {
  /** Every native socket made, oldest first. */
  readonly sockets: WebSocket[]
  /** Shows the members with these numbers and no others. */
  show(numbers: readonly number[], hasOwnKeys: boolean): void
  /** Numbers of the members that show this status. */
  membersWith(status: string): number[]
}

declare global {
  interface Window {
    crowd: Crowd
  }
}

const { url, options } = readConfiguration()
const root = createPageRoot()

interface MemberProps {
  readonly number: number
  readonly hasOwnKey: boolean
}

function Member({ number, hasOwnKey }: MemberProps): ReactElement {
  const key = hasOwnKey ? { key: `member ${number}` } : {}
  const { status } = useWebSocket(url, { ...options, ...key })
  return (
    <li data-number={number} data-status={status}>
      {status}
    </li>
  )
}

window.crowd = {
  sockets: recordSockets([]),
  show: (numbers, hasOwnKey) =>
    flushSync(() =>
      root.render(
        <ul>
          {numbers.map((number) => (
            <Member key={number} number={number} hasOwnKey={hasOwnKey} />
          ))}
        </ul>,
      ),
    ),
  membersWith: (status) =>
    [...document.querySelectorAll<HTMLElement>(`[data-status="${status}"]`)].map(({ dataset }) =>
      Number(dataset.number),
    ),
}
