import { useWebSocket } from 'wirehook'
import { market } from './market'

export function ConnectionBanner() {
  const { status, queued, reconnect } = useWebSocket(market)
  return (
    <p role="status">
      {status === 'open' ? 'Live' : 'Connection lost, orders wait'}
      {queued > 0 && ` (${queued} waiting)`}{' '}
      {status === 'reconnecting' && (
        <button type="button" onClick={() => reconnect()}>
          Retry now
        </button>
      )}
    </p>
  )
}
