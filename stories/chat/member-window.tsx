import { useState } from 'react'
import { Composer } from './composer'
import { MessageList } from './message-list'
import { useConversation } from './use-conversation'

interface MemberWindowProps {
  readonly member: string
  /** Left out for the last window, which stays. */
  readonly onLeave?: (() => void) | undefined
}

/** One member's window. It finds the shared connection by itself. */
export function MemberWindow({ member, onLeave }: MemberWindowProps) {
  const { conversation, say } = useConversation(member)
  const [isInUse, setIsInUse] = useState(false)

  return (
    <section
      className="chat-card chat-window"
      data-member={member}
      aria-label={`${member}'s window`}
      onFocus={() => setIsInUse(true)}
      onBlur={() => setIsInUse(false)}
    >
      <header className="chat-window-header">
        <span className="chat-avatar" aria-hidden="true">
          {member.slice(0, 1)}
        </span>
        <h2>{member}</h2>
        {onLeave && (
          <button className="chat-leave" type="button" onClick={onLeave}>
            Close<span className="chat-unseen"> {member}&apos;s window</span>
          </button>
        )}
      </header>
      <MessageList reader={member} conversation={conversation} isAnnounced={isInUse} />
      <Composer author={member} onSay={say} />
    </section>
  )
}
