import type { ReactNode } from 'react'
import type { ConnectionStatus } from 'wirehook'
import { Countdown } from './countdown'
import { explainStatus } from './explain'
import { useChatConnection } from './use-chat-connection'

const statusNames: Record<ConnectionStatus, string> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Open',
  reconnecting: 'Reconnecting',
  closed: 'Closed',
  failed: 'Failed',
}

const actionNames: Partial<Record<ConnectionStatus, string>> = {
  reconnecting: 'Retry now',
  closed: 'Connect',
  failed: 'Try again',
}

/** Says how the connection is, and lets the visitor hurry it or hang up. */
export function ConnectionBadge() {
  const { status, error, pausedBy, reconnect, close } = useChatConnection()
  const actionName = actionNames[status]

  return (
    <section className="chat-card chat-badge" data-status={status} aria-label="Connection">
      <div className="chat-badge-row">
        <span className="chat-dot" aria-hidden="true" />
        <p className="chat-badge-text" role="status">
          <strong>{statusNames[status]}</strong>{' '}
          <span>{explainStatus(status, pausedBy, error)}</span>
        </p>
        {actionName ? (
          <button type="button" onClick={() => reconnect()}>
            {actionName}
          </button>
        ) : (
          <button type="button" onClick={() => close()}>
            Hang up
          </button>
        )}
      </div>
      <ConnectionFacts />
    </section>
  )
}

/** Numbers that change often live here, outside of what a screen reader announces. */
function ConnectionFacts() {
  const { attempt, retryAt, queued, latencyMs } = useChatConnection()
  return (
    <dl className="chat-facts">
      <Fact name="Retry">{attempt === 0 ? '–' : attempt}</Fact>
      <Fact name="Next try">{retryAt === null ? '–' : <Countdown until={retryAt} />}</Fact>
      <Fact name="Queued">{queued}</Fact>
      <Fact name="Round trip">{latencyMs === null ? '–' : `${Math.round(latencyMs)} ms`}</Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
