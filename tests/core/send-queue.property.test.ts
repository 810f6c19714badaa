import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { resolveOptions } from '../../src/core/connection-options'
import { createSendQueue, type QueuedMessage } from '../../src/core/send-queue'

type Overflow = 'reject' | 'drop-oldest' | 'drop-newest'

interface Policy {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly overflow: Overflow
}

type Operation =
  | {
      readonly type: 'add'
      readonly bytes: number
      readonly ttlMs: number
      readonly replaceKey: string | undefined
    }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'expire' }
  | { readonly type: 'drain'; readonly limit: number }

const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  maxMessages: fc.integer({ min: 0, max: 6 }),
  maxBytes: fc.integer({ min: 0, max: 40 }),
  overflow: fc.constantFrom('reject', 'drop-oldest', 'drop-newest'),
})

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('add'),
      bytes: fc.nat(20),
      ttlMs: fc.constantFrom(0, 1, 5, 20, Infinity),
      replaceKey: fc.constantFrom(undefined, undefined, 'a', 'b'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expire') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('drain'), limit: fc.nat(4) }) },
)

const sumBytes = (messages: readonly QueuedMessage[]): number =>
  messages.reduce((sum, { bytes }) => sum + bytes, 0)

/** The same as the queue, as plainly as it can be said. */
function createModel({ maxMessages, maxBytes, overflow }: Policy) {
  let messages: QueuedMessage[] = []
  let dropped: string[] = []

  function expire(at: number): void {
    const over = messages.filter(({ expiresAt }) => expiresAt <= at)
    messages = messages.filter((message) => !over.includes(message))
    dropped.push(...over.map(({ data }) => `${data as string} expired`))
  }

  const fits = (kept: QueuedMessage[]): boolean =>
    kept.length <= maxMessages && sumBytes(kept) <= maxBytes

  return {
    expire,
    read: () => messages,
    takeDropped(): string[] {
      const taken = dropped
      dropped = []
      return taken
    },
    add(message: QueuedMessage, at: number): string {
      const isReplaced = (other: QueuedMessage): boolean =>
        message.replaceKey !== undefined && other.replaceKey === message.replaceKey
      const result = (): QueuedMessage[] => [
        ...messages.filter((other) => !isReplaced(other)),
        message,
      ]
      if (!fits(result())) expire(at)
      if (!fits(result())) {
        if (overflow === 'reject') return 'queue-full'
        if (overflow === 'drop-newest' || !fits([message])) return 'dropped'
      }
      messages = result()
      while (!fits(messages)) dropped.push(`${messages.shift()?.data as string} overflow`)
      return 'queued'
    },
    drain(limit: number): unknown[] {
      return messages.splice(0, limit).map(({ data }) => data)
    },
  }
}

it('does what a plain list would do, whatever is asked of it', () => {
  fc.assert(
    fc.property(anyPolicy, fc.array(anyOperation, { maxLength: 60 }), (policy, operations) => {
      const dropped: string[] = []
      const queue = createSendQueue(({ data }, reason) =>
        dropped.push(`${data as string} ${reason}`),
      )
      const model = createModel(policy)
      const resolved = resolveOptions({ queue: policy }).queue
      let at = 1000
      let count = 0

      function addToQueue(message: QueuedMessage): string {
        try {
          return queue.add(message, resolved, at)
        } catch (error) {
          return (error as { code: string }).code
        }
      }

      for (const operation of operations) {
        switch (operation.type) {
          case 'add': {
            const { bytes, replaceKey, ttlMs } = operation
            count += 1
            const message = { data: `m${count}`, bytes, replaceKey, expiresAt: at + ttlMs }
            expect(addToQueue(message)).toBe(model.add(message, at))
            break
          }
          case 'wait':
            at += operation.ms
            break
          case 'expire': {
            model.expire(at)
            const next = Math.min(...model.read().map(({ expiresAt }) => expiresAt))
            expect(queue.expire(at)).toBe(next)
            break
          }
          case 'drain': {
            const sent: unknown[] = []
            queue.drain(
              () => sent.length < operation.limit,
              ({ data }) => sent.push(data),
            )
            expect(sent).toEqual(model.drain(operation.limit))
          }
        }
        expect(queue.size).toBe(model.read().length)
        expect(queue.size).toBeLessThanOrEqual(policy.maxMessages)
        expect(sumBytes(model.read())).toBeLessThanOrEqual(policy.maxBytes)
        expect(dropped.splice(0)).toEqual(model.takeDropped())
      }
    }),
    { numRuns: 1000 },
  )
})
