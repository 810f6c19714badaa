import { useState } from 'react'
import { WebSocketProvider, type ConnectionOptions } from 'wirehook'
import { createRoomUrl } from '../network/demo-server'
import { ChatRoom } from './chat-room'

/** Names the connection once; nothing below is handed a URL, a socket or a status. */
export function ChatDemo({ options }: { readonly options: ConnectionOptions }) {
  const [url] = useState(() => createRoomUrl('chat'))
  return (
    <WebSocketProvider url={url} {...options}>
      <ChatRoom url={url} />
    </WebSocketProvider>
  )
}
