import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import {
  createConnection,
  getConnection,
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useRequest,
  useWebSocket,
  type Connection,
  type FilteredMessage,
  type MessageOf,
} from 'wirehook'
import {
  compileOnly,
  live,
  type Alert,
  type FromServer,
  type Price,
  type ToServer,
} from './declared-types'

describe('declared types', () => {
  it('are those of the connection', () => {
    expectTypeOf(live).toEqualTypeOf<Connection<FromServer, ToServer>>()
    expectTypeOf(live.getLastMessage()).toEqualTypeOf<FromServer | undefined>()
    createConnection<FromServer>('/live', {
      topicOf(message) {
        expectTypeOf(message).toEqualTypeOf<FromServer>()
        return message.type
      },
    })
  })

  it('are those of useWebSocket', () => {
    compileOnly(function Component() {
      const declared = useWebSocket<FromServer, ToServer>('/live')
      expectTypeOf(declared.lastMessage).toEqualTypeOf<FromServer | undefined>()
      expectTypeOf(declared.sendJSON).parameter(0).toEqualTypeOf<ToServer>()
      const given = useWebSocket(live)
      expectTypeOf(given).toEqualTypeOf(declared)
      useWebSocket<FromServer>('/live', {
        onMessage: (message) => expectTypeOf(message).toEqualTypeOf<FromServer>(),
      })
      expectTypeOf(useWebSocket('/live').lastMessage).toEqualTypeOf<unknown>()
    })
  })

  it('are narrowed by a look at the type', () => {
    compileOnly(function Component() {
      const { lastMessage } = useWebSocket(live)
      if (lastMessage?.type === 'alert') expectTypeOf(lastMessage).toEqualTypeOf<Alert>()
    })
  })

  it('may be hidden where nobody sends or cares', () => {
    expectTypeOf<Connection<FromServer>>().toExtend<Connection>()
    expectTypeOf(getConnection).returns.toExtend<Connection>()
  })
})

describe('sendJSON', () => {
  it('takes what goes out', () => {
    expectTypeOf(live.sendJSON).parameter(0).toEqualTypeOf<ToServer>()
    expectTypeOf(live.sendJSON).toBeCallableWith({ type: 'subscribe', symbol: 'AAPL' })
    expectTypeOf(createConnection('/live').sendJSON).parameter(0).toEqualTypeOf<unknown>()
  })

  it('takes nothing else, and nothing that only comes in', () => {
    expectTypeOf<FromServer>().not.toExtend<Parameters<typeof live.sendJSON>[0]>()
    compileOnly(() => {
      // @ts-expect-error An alert only comes in.
      live.sendJSON({ type: 'alert', text: 'fire' })
      // @ts-expect-error The symbol is missing.
      live.sendJSON({ type: 'subscribe' })
      // @ts-expect-error There is no such type.
      live.sendJSON({ type: 'unsubscribe', symbol: 'AAPL' })
      // @ts-expect-error The message itself is missing.
      live.sendJSON()
      // @ts-expect-error Values need sendJSON.
      live.send({ type: 'subscribe', symbol: 'AAPL' })
    })
  })

  it('of the hook takes no more than that', () => {
    compileOnly(function Component() {
      const { sendJSON } = useWebSocket<FromServer, ToServer>('/live')
      sendJSON({ type: 'subscribe', symbol: 'AAPL' })
      // @ts-expect-error An alert only comes in.
      sendJSON({ type: 'alert', text: 'fire' })
    })
  })
})

describe('on()', () => {
  it('gives listeners what is left of the messages', () => {
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<FromServer>())
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<Alert>(), { type: 'alert' })
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<Price>(), {
      topic: 'price',
    })
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<Price>(), {
      topic: 'AAPL',
      type: 'price',
    })
  })

  it('leaves all of them to a topic that is no type, or is not known', () => {
    const topic: string = 'alert'
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), {
      topic: 'AAPL',
    })
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), { topic })
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), {
      topic: undefined,
    })
    live.on('message', (message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), {})
  })

  it('takes no listener for another message, and filters for messages only', () => {
    compileOnly(() => {
      // @ts-expect-error The messages left are alerts.
      live.on('message', (message: Price) => message, { type: 'alert' })
      // @ts-expect-error Only messages have a type.
      live.on('close', () => {}, { type: 'alert' })
      // @ts-expect-error There is no such event.
      live.on('opened', () => {})
      // @ts-expect-error A topic is a text or a number.
      live.on('message', () => {}, { topic: {} })
    })
  })
})

describe('getLastMessage()', () => {
  it('gives the newest of a topic', () => {
    expectTypeOf(live.getLastMessage('alert')).toEqualTypeOf<Alert | undefined>()
    expectTypeOf(live.getLastMessage('AAPL')).toEqualTypeOf<FromServer | undefined>()
    expectTypeOf(live.getLastMessage(7)).toEqualTypeOf<FromServer | undefined>()
  })
})

describe('useMessage', () => {
  it('narrows by type, by topic and by both', () => {
    compileOnly(function Component() {
      const source = live
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), { source })
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<Alert>(), {
        source,
        type: 'alert',
      })
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<Price>(), {
        source,
        topic: 'price',
      })
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<Price>(), {
        source,
        topic: 'AAPL',
        type: 'price',
      })
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), {
        source,
        where: (message) => message.type === 'alert',
      })
    })
  })

  it('takes a declared message where the source is not typed', () => {
    compileOnly(function Component() {
      useMessage((message: Alert) => message.text, { type: 'alert' })
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<unknown>())
      useMessage((message: Price) => message.price, { source: '/live', topic: 'AAPL' })
    })
  })

  it('takes no listener for another message', () => {
    compileOnly(function Component() {
      // @ts-expect-error The messages left are alerts.
      useMessage((message: Price) => message.price, { source: live, type: 'alert' })
    })
  })
})

describe('useLatestMessage', () => {
  it('narrows by topic, and gives what is selected', () => {
    compileOnly(function Component() {
      const source = live
      expectTypeOf(useLatestMessage('alert', { source })).toEqualTypeOf<Alert | undefined>()
      expectTypeOf(useLatestMessage('AAPL', { source })).toEqualTypeOf<FromServer | undefined>()
      const text = useLatestMessage('alert', {
        source,
        select(message) {
          expectTypeOf(message).toEqualTypeOf<Alert>()
          return message.text
        },
        isEqual(before, after) {
          expectTypeOf(before).toEqualTypeOf<string>()
          return before === after
        },
      })
      expectTypeOf(text).toEqualTypeOf<string | undefined>()
      expectTypeOf(useLatestMessage()).toEqualTypeOf<unknown>()
      expectTypeOf(useLatestMessage<FromServer>()).toEqualTypeOf<FromServer | undefined>()
    })
  })

  it('selects nothing that is not there', () => {
    compileOnly(function Component() {
      // @ts-expect-error An alert has no price.
      useLatestMessage('alert', { source: live, select: (m) => typeof m.price })
    })
  })
})

describe('useMessages', () => {
  it('narrows by topic', () => {
    compileOnly(function Component() {
      expectTypeOf(useMessages({ source: live })).toEqualTypeOf<readonly FromServer[]>()
      expectTypeOf(useMessages({ source: live, topic: 'price' })).toEqualTypeOf<readonly Price[]>()
      expectTypeOf(useMessages<FromServer>()).toEqualTypeOf<readonly FromServer[]>()
      expectTypeOf(useMessages()).toEqualTypeOf<readonly unknown[]>()
    })
  })

  it('gives a list that cannot be changed', () => {
    compileOnly(function Component() {
      const messages = useMessages({ source: live })
      // @ts-expect-error The list belongs to the reader.
      messages[0] = { type: 'alert', text: 'fire' }
    })
  })
})

describe('useMessageReducer', () => {
  it('narrows by topic, and the state is what it starts with', () => {
    compileOnly(function Component() {
      const total = useMessageReducer(
        (sum, message) => {
          expectTypeOf(message).toEqualTypeOf<Price>()
          expectTypeOf(sum).toEqualTypeOf<number>()
          return sum + message.price
        },
        0,
        { source: live, topic: 'price' },
      )
      expectTypeOf(total).toEqualTypeOf<number>()
      const texts = useMessageReducer(
        (before: readonly string[], message: Alert) => [...before, message.text],
        [],
        { topic: 'alert' },
      )
      expectTypeOf(texts).toEqualTypeOf<string[]>()
    })
  })

  it('folds no other message', () => {
    compileOnly(function Component() {
      // @ts-expect-error The messages left are alerts.
      useMessageReducer((_, m) => typeof m.price, '', { source: live, topic: 'alert' })
    })
  })
})

describe('a key that may be undefined, which means every message,', () => {
  const isOn = (): boolean => true
  const key = isOn() ? ('alert' as const) : undefined

  it('narrows nothing', () => {
    compileOnly(function Component() {
      expectTypeOf(live.getLastMessage(key)).toEqualTypeOf<FromServer | undefined>()
      const latest = useLatestMessage(key, { source: live })
      expectTypeOf(latest).toEqualTypeOf<FromServer | undefined>()
      const list = useMessages({ source: live, topic: key })
      expectTypeOf(list).toEqualTypeOf<readonly FromServer[]>()
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<FromServer>(), {
        source: live,
        type: key,
      })
    })
  })

  it('does not let a listener ask for less', () => {
    compileOnly(function Component() {
      // @ts-expect-error It may be a price.
      useMessage((message: Alert) => message.text, { source: live, type: key })
    })
  })
})

describe('an annotation', () => {
  it('cannot ask for another message than comes', () => {
    compileOnly(function Component() {
      // @ts-expect-error Alerts come as well.
      useMessage((message: Price) => message.price, { source: live })
      // @ts-expect-error Alerts come, and no prices.
      useMessageReducer((sum: number, { price }: Price) => sum + price, 0, {
        source: live,
        topic: 'alert',
      })
      // @ts-expect-error Alerts come, and no prices.
      useLatestMessage('alert', { source: live, select: ({ price }: Price) => price })
    })
  })
})

describe('getConnection()', () => {
  it('has the types of its schemas, or those declared', () => {
    compileOnly(() => {
      const inferred = getConnection('/a', { incoming: z.object({ a: z.number() }) })
      expectTypeOf(inferred.getLastMessage()).toEqualTypeOf<{ a: number } | undefined>()
      const declared = getConnection<FromServer>('/b', { topicOf: ({ type }) => type })
      expectTypeOf(declared.getLastMessage()).toEqualTypeOf<FromServer | undefined>()
    })
  })
})

describe('request()', () => {
  it('gives the declared reply', () => {
    compileOnly(() => {
      expectTypeOf(live.request({ op: 'balance' })).resolves.toEqualTypeOf<unknown>()
      expectTypeOf(live.request<Price>({ op: 'price' })).resolves.toEqualTypeOf<Price>()
    })
  })

  it('of the hook gives it, too', () => {
    compileOnly(function Component() {
      const { data, error, pending, request } = useRequest<Price, { op: string }>({ source: live })
      expectTypeOf(data).toEqualTypeOf<Price | undefined>()
      expectTypeOf(error).toEqualTypeOf<unknown>()
      expectTypeOf(pending).toEqualTypeOf<boolean>()
      expectTypeOf(request).parameter(0).toEqualTypeOf<{ op: string }>()
    })
  })
})

describe('the message that a key leaves', () => {
  it('is that of its type', () => {
    expectTypeOf<MessageOf<FromServer, 'alert'>>().toEqualTypeOf<Alert>()
    expectTypeOf<MessageOf<FromServer, 'alert' | 'price'>>().toEqualTypeOf<FromServer>()
    expectTypeOf<MessageOf<{ type: 1 } | { type: 2 }, 2>>().toEqualTypeOf<{ type: 2 }>()
  })

  it('is any of them if the key says nothing about types', () => {
    expectTypeOf<MessageOf<FromServer, 'AAPL'>>().toEqualTypeOf<FromServer>()
    expectTypeOf<MessageOf<FromServer, string>>().toEqualTypeOf<FromServer>()
    expectTypeOf<MessageOf<FromServer, number>>().toEqualTypeOf<FromServer>()
    expectTypeOf<MessageOf<FromServer, undefined>>().toEqualTypeOf<FromServer>()
    expectTypeOf<MessageOf<unknown, 'alert'>>().toEqualTypeOf<unknown>()
  })

  it('is told by the type before the topic', () => {
    type Both = { topic: 'alert'; type: 'price' }
    expectTypeOf<FilteredMessage<FromServer, Both>>().toEqualTypeOf<Price>()
    expectTypeOf<FilteredMessage<FromServer, { topic: 'alert' }>>().toEqualTypeOf<Alert>()
    expectTypeOf<FilteredMessage<FromServer, { topic?: undefined }>>().toEqualTypeOf<FromServer>()
  })
})
