import { useLatestMessage } from 'wirehook'
import { DemoFacts } from '../demo/demo-page'
import type { Census } from '../server/census-service'

/** What the server says about the sockets in a room of the census. Its own one does not count. */
export function SocketCount({ url }: { readonly url: string }) {
  const census = useLatestMessage<Census>('sockets', { source: `${url}?watch=1` })
  return (
    <DemoFacts
      facts={{ 'Sockets now': census?.open ?? '–', 'Sockets ever': census?.opened ?? '–' }}
    />
  )
}
