/**
 * Answers that arrive token by token, as language models give them. They can be stopped. After a lost
 * link an answer goes on where it was; if the server no longer has it, the reader is told:
 *
 *     const assistant = createStreamConnection('/assistant')
 *     <TokenStream connection={assistant} />
 *
 * An `ask` names the answer and says how many tokens of it are here already. The server starts one that
 * it does not know, unless some are here; goes on from there with one that it knows; and says at its
 * `end` how many there were. It writes on while nobody listens, as long as it likes.
 */
'use client'

import { useEffect, useRef, useState, type CSSProperties } from 'react'
import {
  createConnection,
  useMessageReducer,
  useWebSocket,
  type Connection,
  type ConnectionOptions,
} from 'wirehook'

type EndReason = 'complete' | 'stopped' | 'lost'

export type StreamFromServer =
  | {
      readonly type: 'token'
      readonly answer: string
      readonly index: number
      readonly text: string
    }
  | {
      readonly type: 'end'
      readonly answer: string
      readonly reason: EndReason
      readonly tokens: number
    }

export type StreamToServer =
  | {
      readonly type: 'ask'
      readonly answer: string
      readonly prompt: string
      readonly from: number
    }
  | { readonly type: 'stop'; readonly answer: string }

export type StreamConnection = Connection<StreamFromServer, StreamToServer>

/** A topic for each answer, so that only the one that grows renders, once a frame. */
export function createStreamConnection(
  url: string,
  options?: ConnectionOptions<StreamFromServer>,
): StreamConnection {
  return createConnection<StreamFromServer, StreamToServer>(url, {
    topicOf: ({ answer }) => answer,
    ...options,
  })
}

interface Question {
  /** Names the answer, too. */
  readonly id: string
  readonly prompt: string
}

export function TokenStream({ connection }: { readonly connection: StreamConnection }) {
  const [questions, setQuestions] = useState<readonly Question[]>([])
  const [prompt, setPrompt] = useState('')

  function ask(question: string): void {
    setQuestions([...questions, { id: crypto.randomUUID(), prompt: question }])
  }

  return (
    <div style={column}>
      <ol style={list}>
        {questions.map((question) => (
          <li key={question.id} style={column}>
            <p style={bubble}>{question.prompt}</p>
            <Answer
              connection={connection}
              question={question}
              onAskAgain={() => ask(question.prompt)}
            />
          </li>
        ))}
      </ol>
      <form
        style={row}
        onSubmit={(event) => {
          event.preventDefault()
          if (prompt.trim() !== '') ask(prompt.trim())
          setPrompt('')
        }}
      >
        <input
          style={{ flex: 1, minWidth: 0 }}
          aria-label="Question"
          placeholder="Ask something"
          value={prompt}
          maxLength={500}
          autoComplete="off"
          onChange={({ target }) => setPrompt(target.value)}
        />
        <button type="submit">Ask</button>
      </form>
    </div>
  )
}

function Answer({
  connection,
  question: { id, prompt },
  onAskAgain,
}: {
  readonly connection: StreamConnection
  readonly question: Question
  readonly onAskAgain: () => void
}) {
  const answer = useMessageReducer(write, nothing, { source: connection, topic: id })
  const [isStopping, setIsStopping] = useState(false)
  const isWriting = answer.end === null
  const { status, sendJSON } = useWebSocket(connection)
  const isLive = status === 'open'
  const tokens = useRef(0)

  useEffect(() => {
    tokens.current = answer.tokens
  }, [answer.tokens])

  // Also when it is shown again after it was hidden. What comes twice is left out by its number.
  useEffect(() => {
    if (isLive && isWriting) {
      sendJSON({ type: 'ask', answer: id, prompt, from: tokens.current })
    }
  }, [isLive, isWriting, sendJSON, id, prompt])

  // After the question, so that there is something to stop; on a new link once more.
  useEffect(() => {
    if (isLive && isWriting && isStopping) sendJSON({ type: 'stop', answer: id })
  }, [isLive, isWriting, isStopping, sendJSON, id])

  return (
    <div style={column}>
      <p style={text} aria-live="polite" aria-busy={isWriting}>
        {answer.text}
        {isWriting && <span aria-hidden="true">▍</span>}
      </p>
      <div style={row}>
        <span style={quiet} role="status">
          {noteOn(answer, isLive)}
        </span>
        {isWriting && (
          <button type="button" disabled={isStopping} onClick={() => setIsStopping(true)}>
            Stop
          </button>
        )}
        {answer.end === 'lost' && (
          <button type="button" onClick={onAskAgain}>
            Ask again
          </button>
        )}
      </div>
    </div>
  )
}

interface Written {
  readonly text: string
  readonly tokens: number
  readonly end: EndReason | null
}

const nothing: Written = { text: '', tokens: 0, end: null }

/** Takes each token once and in order; an end with more tokens than are here says that some were lost. */
function write(answer: Written, event: StreamFromServer): Written {
  if (event.type === 'end') {
    return { ...answer, end: event.tokens > answer.tokens ? 'lost' : event.reason }
  }
  if (event.index !== answer.tokens) return answer
  return { ...answer, text: answer.text + event.text, tokens: answer.tokens + 1 }
}

function noteOn({ tokens, end }: Written, isOpen: boolean): string {
  if (end === 'stopped') return 'Stopped.'
  if (end === 'lost') return 'The answer was cut off here, and the server no longer has the rest.'
  if (end === 'complete') return ''
  if (!isOpen) return 'Not connected. The answer goes on when it is.'
  return tokens === 0 ? 'Thinking …' : 'Writing …'
}

const column: CSSProperties = { display: 'flex', flexDirection: 'column', gap: 10, minWidth: 0 }

const row: CSSProperties = { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 10 }

const list: CSSProperties = { ...column, gap: 20, margin: 0, padding: 0, listStyle: 'none' }

const bubble: CSSProperties = {
  alignSelf: 'flex-end',
  maxWidth: '85%',
  margin: 0,
  padding: '6px 12px',
  borderRadius: 14,
  background: 'light-dark(#3a44cf, #9aa5ff)',
  color: 'light-dark(#ffffff, #0f1220)',
  overflowWrap: 'anywhere',
}

const text: CSSProperties = {
  maxWidth: '70ch',
  margin: 0,
  lineHeight: 1.6,
  overflowWrap: 'anywhere',
  whiteSpace: 'pre-wrap',
}

const quiet: CSSProperties = { fontSize: 13, opacity: 0.75 }
