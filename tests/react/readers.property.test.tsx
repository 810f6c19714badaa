import { act, render } from '@testing-library/react'
import * as fc from 'fast-check'
import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { createConnection, useMessage, type Connection, type Schedule } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { openSocket, type Message } from './live'
import { Latest, latestCase, List, Story, storyCase, write } from './readers'
import { keepConsoleSilent } from './silent-console'

keepConsoleSilent()

const kinds = ['latest', 'list', 'story', 'listener'] as const
const topics = ['a', 'b', 'c']
const slowestMs = 50
const limit = 3

interface Wish {
  readonly kind: (typeof kinds)[number]
  /** Left out for all messages. */
  readonly topic: string | undefined
  readonly schedule: Schedule | undefined
}

type Step =
  | { readonly type: 'receive'; readonly types: readonly string[] }
  | { readonly type: 'mount'; readonly wish: Wish }
  | { readonly type: 'unmount'; readonly which: number }
  | { readonly type: 'reschedule'; readonly which: number; readonly schedule: Schedule | undefined }
  | { readonly type: 'advance'; readonly ms: number }

/** One mounted component, and the messages of its lifetime. */
interface Mounted {
  readonly id: string
  readonly wish: Wish
  readonly seen: Message[]
}

const anySchedule: fc.Arbitrary<Schedule | undefined> = fc.constantFrom<(Schedule | undefined)[]>(
  undefined,
  'auto',
  'sync',
  'frame',
  0,
  20,
  slowestMs,
)

const anyWish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...kinds),
  topic: fc.constantFrom(undefined, ...topics),
  schedule: anySchedule,
})

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('receive'),
      types: fc.array(fc.constantFrom(...topics), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('mount'), wish: anyWish }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unmount'), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('reschedule'),
      which: fc.nat(5),
      schedule: anySchedule,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('advance'),
      ms: fc.constantFrom(1, 3, 4, 5, 16, slowestMs),
    }),
  },
)

interface ListenerProps {
  readonly source: Connection<Message>
  readonly topic: string | undefined
  readonly onMessage: (message: Message) => void
}

function Listener({ source, topic, onMessage }: ListenerProps): null {
  useMessage<Message>(onMessage, { source, topic })
  return null
}

/** What a reader has to show, said as plainly as possible. */
function fold({ kind }: Wish, messages: readonly Message[]): unknown {
  switch (kind) {
    case 'latest':
      return latestCase.fold(messages)
    case 'list':
      return messages.slice(-limit)
    case 'story':
      return storyCase.fold(messages)
    case 'listener':
      return messages
  }
}

async function createWorld(schedule: Schedule | undefined) {
  const environment = createActedEnvironment()
  const connection = createConnection<Message>(nextUrl(), { environment, schedule })
  const release = connection.lease()
  const socket = await openSocket(environment)
  const heard = new Map<string, Message[]>()
  const sent: Message[] = []
  let mounted: Mounted[] = []
  let count = 0

  function toElement({ id, wish }: Mounted): ReactElement {
    const props = { source: connection, topic: wish.topic, schedule: wish.schedule, id }
    switch (wish.kind) {
      case 'latest':
        return <Latest key={id} {...props} />
      case 'list':
        return <List key={id} {...props} limit={limit} />
      case 'story':
        return <Story key={id} {...props} />
      case 'listener':
        return (
          <Listener
            key={id}
            source={connection}
            topic={wish.topic}
            onMessage={(message) => void heard.get(id)?.push(message)}
          />
        )
    }
  }

  const page = render(<></>)
  const show = (): void => page.rerender(<>{mounted.map(toElement)}</>)

  function concerns({ wish }: Mounted, message: Message): boolean {
    return wish.topic === undefined || wish.topic === message.type
  }

  function mount(wish: Wish): void {
    count += 1
    const newcomer: Mounted = { id: `reader ${count}`, wish, seen: [] }
    const kept = sent.findLast((message) => concerns(newcomer, message))
    if (wish.kind === 'latest' && kept) newcomer.seen.push(kept)
    heard.set(newcomer.id, [])
    mounted = [...mounted, newcomer]
    show()
  }

  function receive(types: readonly string[]): void {
    const messages = types.map((type, index) => ({ type, n: sent.length + index }))
    sent.push(...messages)
    for (const each of mounted) each.seen.push(...messages.filter((m) => concerns(each, m)))
    act(() => messages.forEach(socket.receive))
  }

  async function take(step: Step): Promise<void> {
    switch (step.type) {
      case 'receive':
        return receive(step.types)
      case 'mount':
        return mount(step.wish)
      case 'unmount':
        mounted = mounted.filter((_, index) => index !== step.which)
        return show()
      case 'reschedule':
        mounted = mounted.map((each, index) =>
          index === step.which
            ? { ...each, wish: { ...each.wish, schedule: step.schedule } }
            : each,
        )
        return show()
      case 'advance':
        return environment.advance(step.ms)
    }
  }

  function readShown({ id, wish }: Mounted): string | null | undefined {
    if (wish.kind === 'listener') return write(heard.get(id))
    return page.container.querySelector(`[data-testid="${id}"]`)?.textContent
  }

  /** Shown is what some beginning of the messages comes to; listeners have heard all. */
  function checkAlways(): void {
    for (const each of mounted) {
      const { wish, seen } = each
      const beginnings = Array.from({ length: seen.length + 1 }, (_, end) => seen.slice(0, end))
      const possible = wish.kind === 'listener' ? [seen] : beginnings
      expect(possible.map((messages) => write(fold(wish, messages)))).toContain(readShown(each))
    }
  }

  return {
    async take(step: Step): Promise<void> {
      await take(step)
      checkAlways()
    },
    async checkInTheEnd(): Promise<void> {
      await environment.advance(slowestMs)
      for (const each of mounted) {
        expect(readShown(each)).toBe(write(fold(each.wish, each.seen)))
      }
    },
    async leave(): Promise<void> {
      page.unmount()
      release()
      const onlyLinger = 1
      expect(environment.countTimers()).toBe(onlyLinger)
      await environment.advance(1000)
    },
  }
}

it(
  'every reader comes to what a plain fold over the messages of its lifetime comes to',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        anySchedule,
        fc.array(anyWish, { maxLength: 4 }),
        fc.array(anyStep, { maxLength: 25 }),
        async (schedule, wishes, steps) => {
          const world = await createWorld(schedule)
          for (const wish of wishes) await world.take({ type: 'mount', wish })
          for (const step of steps) await world.take(step)
          await world.checkInTheEnd()
          await world.leave()
        },
      ),
      { numRuns: 150 },
    )
  },
)
