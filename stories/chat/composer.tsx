import { useId, useState } from 'react'
import { chatLimits } from '../server/chat-messages'

interface ComposerProps {
  readonly author: string
  readonly onSay: (text: string) => void
}

export function Composer({ author, onSay }: ComposerProps) {
  const [text, setText] = useState('')
  const inputId = useId()

  function say(): void {
    if (text.trim() === '') return
    onSay(text.trim())
    setText('')
  }

  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault()
        say()
      }}
    >
      <label className="chat-unseen" htmlFor={inputId}>
        Message as {author}
      </label>
      <input
        id={inputId}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={chatLimits.textLength}
        placeholder={`Write as ${author}`}
        autoComplete="off"
        enterKeyHint="send"
      />
      <button type="submit">
        Send<span className="chat-unseen"> as {author}</span>
      </button>
    </form>
  )
}
