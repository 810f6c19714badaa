import { useId, useState } from 'react'
import { createConnection, isWirehookError, useWebSocket, type SchemaIssue } from 'wirehook'
import * as zod from 'zod'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'

const note = zod.object({ type: zod.literal('note'), text: zod.string().min(1, 'Say something.') })

/** Sends notes, and says so when one is against the schema. */
export function NotePad() {
  const [pad] = useState(() => createConnection(createRoomUrl('echo'), { outgoing: note }))
  const { sendJSON } = useWebSocket(pad)
  const fieldId = useId()
  const [text, setText] = useState('')
  const [result, setResult] = useState('–')

  function send(): void {
    try {
      setResult(sendJSON({ type: 'note', text }))
    } catch (error) {
      if (!isWirehookError(error)) throw error
      const [issue] = error.cause as readonly SchemaIssue[]
      setResult(`${error.code}: ${issue?.message}`)
    }
  }

  return (
    <DemoPage title="Nothing wrong goes out" lead="Send a note, also an empty one.">
      <DemoCard title="Note pad">
        <form className="demo-row" action={send}>
          <label htmlFor={fieldId}>Note</label>
          <input id={fieldId} value={text} onChange={(event) => setText(event.target.value)} />
          <button type="submit" data-primary>
            Send
          </button>
        </form>
        <DemoFacts facts={{ Result: result }} />
      </DemoCard>
    </DemoPage>
  )
}
