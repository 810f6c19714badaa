import { useWebSocket } from 'wirehook'

/** Lets the server send many messages at once. */
export function BurstButton({ count }: { readonly count: number }) {
  const { status, sendJSON } = useWebSocket()
  return (
    <button
      type="button"
      data-primary
      disabled={status !== 'open'}
      onClick={() => sendJSON({ type: 'burst', count })}
    >
      Get {count.toLocaleString('en')} messages
    </button>
  )
}
