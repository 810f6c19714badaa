import type { StreamFromServer } from '../../docs/recipes/token-stream.js'
import type { Client, Service, UnknownMessage } from './client.js'
import { readNumber, readText } from './message-fields.js'

const kept = 20

const essay =
  'A socket is a promise that somebody listens. It is easily broken: a train enters a tunnel, a laptop ' +
  'is closed, a server is replaced by a newer one. So whoever writes an answer numbers its tokens and ' +
  'keeps them for a while, and whoever reads it says how many have come. Then nothing is told twice, ' +
  'nothing is left out, and the reader hardly notices that there was a tunnel at all.'

interface Answer {
  readonly tokens: readonly string[]
  produced: number
  reason: 'complete' | 'stopped' | null
  reader: Client | null
  readonly timer: ReturnType<typeof setInterval>
}

/** Writes an answer, a token every `?everyMs=60`, also while nobody listens; knows where a reader was. */
export function createTokenStreamService(): Service {
  const answers = new Map<string, Answer>()

  function start(name: string, prompt: string, client: Client): void {
    const everyMs = Number(client.params.get('everyMs')) || 60
    const tokens = compose(prompt).split(/(?<= )/)
    const timer = setInterval(() => produce(name), everyMs)
    answers.set(name, { tokens, produced: 0, reason: null, reader: client, timer })
    const [oldest] = answers.keys()
    if (answers.size > kept && oldest !== undefined) forget(oldest)
  }

  function produce(name: string): void {
    const answer = answers.get(name)
    if (!answer) return
    answer.produced += 1
    tell(name, answer, answer.produced - 1)
    if (answer.produced === answer.tokens.length) end(name, 'complete')
  }

  function end(name: string, reason: 'complete' | 'stopped'): void {
    const answer = answers.get(name)
    if (!answer || answer.reason) return
    clearInterval(answer.timer)
    answer.reason = reason
    tellEnd(answer.reader, name, reason, answer.produced)
  }

  /** Tells what the reader does not have yet; the rest comes when it is written. */
  function resume(name: string, answer: Answer, client: Client, from: number): void {
    answer.reader = client
    for (let index = from; index < answer.produced; index += 1) tell(name, answer, index)
    if (answer.reason) tellEnd(client, name, answer.reason, answer.produced)
  }

  function ask(client: Client, name: string, prompt: string, from: number): void {
    const answer = answers.get(name)
    if (answer) resume(name, answer, client, from)
    else if (from > 0) tellEnd(client, name, 'lost', from)
    else start(name, prompt, client)
  }

  function forget(name: string): void {
    clearInterval(answers.get(name)?.timer)
    answers.delete(name)
  }

  const forgetAll = (): void => [...answers.keys()].forEach(forget)

  return {
    onLeave(client) {
      for (const answer of answers.values()) if (answer.reader === client) answer.reader = null
    },
    onMessage(client, message) {
      const name = readText(message, 'answer', 64)
      if (message.type === 'forget') forgetAll()
      else if (message.type === 'stop' && name) end(name, 'stopped')
      else if (message.type === 'ask' && name) ask(client, name, ...readQuestion(message))
      else client.close(1008, 'Not a question')
    },
    close: forgetAll,
  }
}

function tell(name: string, { tokens, reader }: Answer, index: number): void {
  const token: StreamFromServer = { type: 'token', answer: name, index, text: tokens[index] ?? '' }
  reader?.tell(token)
}

function tellEnd(
  client: Client | null,
  name: string,
  reason: 'complete' | 'stopped' | 'lost',
  tokens: number,
): void {
  const end: StreamFromServer = { type: 'end', answer: name, reason, tokens }
  client?.tell(end)
}

function readQuestion(message: UnknownMessage): [prompt: string, from: number] {
  return [readText(message, 'prompt', 500) ?? '', Math.max(0, readNumber(message, 'from') ?? 0)]
}

function compose(prompt: string): string {
  return `You ask: ${prompt.trim()} ${essay}`
}
