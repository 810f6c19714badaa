import { useState } from 'react'
import { WebSocketProvider, type ConnectionOptions } from 'wirehook'
import { ChatRoom } from './chat-room'
import { chatUrl, createRoomName } from './room'

/** Names the connection once; nothing below is handed a URL, a socket or a status. */
export function ChatDemo({ options }: { readonly options: ConnectionOptions }) {
  const [room] = useState(createRoomName)
  return (
    <WebSocketProvider url={chatUrl(room)} {...options}>
      <ChatRoom room={room} />
    </WebSocketProvider>
  )
}
