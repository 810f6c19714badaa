'use client'

import { useEffect, useState, type CSSProperties } from 'react'
import { useWebSocket, type ConnectionStatus, type MessageSource } from 'wirehook'

const texts: Record<ConnectionStatus, string> = {
  idle: 'Not connected',
  connecting: 'Connecting …',
  open: 'Connected',
  reconnecting: 'Connection lost',
  closed: 'Disconnected',
  failed: 'Could not connect',
}

const actions: Partial<Record<ConnectionStatus, string>> = {
  reconnecting: 'Retry now',
  closed: 'Connect',
  failed: 'Try again',
}

const colors: Record<ConnectionStatus, string> = {
  idle: 'light-dark(#565d6c, #a3abbb)',
  connecting: 'light-dark(#8f5300, #f2b75f)',
  open: 'light-dark(#0b7346, #4fd69b)',
  reconnecting: 'light-dark(#8f5300, #f2b75f)',
  closed: 'light-dark(#565d6c, #a3abbb)',
  failed: 'light-dark(#b81f35, #ff8c98)',
}

/** Says how the connection is and, while it is away, when it comes back; lets the visitor hurry it. */
export function ConnectionBadge({ source }: { readonly source?: MessageSource }) {
  const { status, retryAt, pausedBy, reconnect } = useWebSocket(source)
  const action = actions[status]
  return (
    <div style={{ ...row, color: colors[status] }} data-status={status}>
      <span style={dot} aria-hidden="true" />
      <span role="status">{pausedBy === 'offline' ? 'You are offline' : texts[status]}</span>
      {retryAt !== null && <Countdown key={retryAt} until={retryAt} />}
      {action && (
        <button type="button" onClick={() => reconnect()}>
          {action}
        </button>
      )}
    </div>
  )
}

/** Outside of what is announced, for a screen reader would read every tick of it. */
function Countdown({ until }: { readonly until: number }) {
  const [seconds, setSeconds] = useState<number>()
  useEffect(() => {
    const tick = (): void => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  return seconds === undefined ? null : <span>{`retry in ${seconds} s`}</span>
}

const row: CSSProperties = {
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 8,
  minHeight: 36,
  fontVariantNumeric: 'tabular-nums',
}

const dot: CSSProperties = {
  width: 10,
  height: 10,
  borderRadius: '50%',
  background: 'currentColor',
}
