/// <reference types="vite/client" />
import { useState } from 'react'
import { ConnectionBadge } from './connection-badge'
import { ConnectionDiary } from './connection-diary'
import { MemberWindow } from './member-window'
import { ServerPanel } from './server-panel'
import './chat.css'

const everybody = ['Ada', 'Lin', 'Grace', 'Alan']

/** The page: each part uses the connection on its own. */
export function ChatRoom({ url }: { readonly url: string }) {
  const [members, setMembers] = useState(everybody.slice(0, 2))
  const newcomer = everybody.find((member) => !members.includes(member))

  function leave(member: string): void {
    setMembers(members.filter((other) => other !== member))
  }

  return (
    <main className="chat">
      <header className="chat-header">
        <div className="chat-title">
          <h1>One socket, many components</h1>
          <p>Chat with yourself, then break the server and watch the connection heal.</p>
        </div>
        <ConnectionBadge />
      </header>
      <ServerPanel url={url} />
      <div className="chat-members">
        <div className="chat-windows">
          {members.map((member) => (
            <MemberWindow
              key={member}
              member={member}
              onLeave={members.length > 1 ? () => leave(member) : undefined}
            />
          ))}
        </div>
        {newcomer && (
          <button
            className="chat-newcomer"
            type="button"
            onClick={() => setMembers([...members, newcomer])}
          >
            Open a window for {newcomer}
          </button>
        )}
      </div>
      <ConnectionDiary />
    </main>
  )
}
