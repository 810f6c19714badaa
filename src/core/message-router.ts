import type { MessageFilter, Topic, Undo } from './connection'
import type { Environment } from './environment'
import { guard } from './guard'
import { createListeners, tell } from './listeners'

/** Brings messages to those who asked for their topic or type, and keeps the newest of each topic. */
export interface MessageRouter {
  /** The newest message, of a topic if one is named. */
  getNewest(topic?: Topic): unknown
  /** @returns `undefined` if the filter names nothing */
  on(listener: (message: never) => void, filter: MessageFilter): Undo | undefined
  route(message: unknown): void
}

export type TopicOf = (message: never) => Topic | null | undefined

/** Topics whose newest message is kept; of those nobody reads, the least recently used one goes first. */
const keptTopics = 1000

/** @param readTopicOf the topic of a message is its `type` if this gives none */
export function createMessageRouter(
  environment: Environment,
  readTopicOf: () => TopicOf | undefined,
): MessageRouter {
  const byTopic = createListeners<unknown>()
  const byType = createListeners<unknown>()
  const kept = new Map<unknown, unknown>()
  let newest: unknown

  /** A map remembers in which order its keys came, so the one used longest ago is the first. */
  function keep(topic: unknown, message: unknown): void {
    if (!kept.delete(topic) && kept.size >= keptTopics) forgetOne()
    kept.set(topic, message)
  }

  /** Whoever reads a topic and whoever comes to read it are to see the same. */
  function forgetOne(): void {
    for (const topic of kept.keys()) if (!byTopic.find(topic)) return void kept.delete(topic)
  }

  return {
    getNewest: (topic) => (topic === undefined ? newest : kept.get(topic)),
    on(listener, { topic, type }) {
      if (topic === undefined) return type === undefined ? undefined : byType.add(type, listener)
      if (kept.has(topic)) keep(topic, kept.get(topic))
      return byTopic.add(
        topic,
        type === undefined
          ? listener
          : (message: never) => {
              if (typeOf(message) === type) listener(message)
            },
      )
    },
    route(message) {
      newest = message
      const type = typeOf(message)
      const topicOf = readTopicOf()
      const topic = topicOf ? guard(environment, () => topicOf(message as never)) : type
      if (typeof topic === 'string' || typeof topic === 'number') keep(topic, message)
      tell(environment, byTopic.find(topic), message)
      tell(environment, byType.find(type), message)
    },
  }
}

function typeOf(message: unknown): unknown {
  return (message as { type?: unknown } | null | undefined)?.type
}
