import { useWebSocket } from 'wirehook'
import { market } from './market'

export function ConnectionBanner() {
  const { status, queued, reconnect } = useWebSocket(market)
  const isLost = status === 'reconnecting' || status === 'closed' || status === 'failed'
  const textAtFirst = status === 'open' ? 'Live' : 'Connecting …'
  return (
    <p>
      <span role="status">
        {isLost ? 'Connection lost, orders wait' : textAtFirst}
        {queued > 0 && ` (${queued} waiting)`}
      </span>{' '}
      {isLost && (
        <button type="button" onClick={() => reconnect()}>
          Retry now
        </button>
      )}
    </p>
  )
}
