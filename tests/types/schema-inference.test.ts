import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expectTypeOf, it } from 'vitest'
import {
  createConnection,
  useLatestMessage,
  useMessage,
  useMessageReducer,
  useMessages,
  useWebSocket,
  type Connection,
  type SchemaInput,
  type SchemaOutput,
} from 'wirehook'
import { z } from 'zod'
import { compileOnly } from './declared-types'

interface PriceIn {
  type: 'price'
  at: string
}

interface Price {
  type: 'price'
  at: Date
}

interface Alert {
  type: 'alert'
  text: string
}

/** What comes is checked and made into dates; what goes is texts that are made into numbers. */
const url = 'wss://a.example/live'

const zodPrice = z.object({
  type: z.literal('price'),
  at: z.string().transform((text) => new Date(text)),
})
const zodAlert = z.object({ type: z.literal('alert'), text: z.string() })

const valibotPrice = v.object({
  type: v.literal('price'),
  at: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
  ),
})
const valibotAlert = v.object({ type: v.literal('alert'), text: v.string() })

const arktypePrice = type({
  type: "'price'",
  at: type('string').pipe((text) => new Date(text)),
})
const arktypeAlert = type({ type: "'alert'", text: 'string' })

const zodConnection = createConnection(url, {
  incoming: z.discriminatedUnion('type', [zodPrice, zodAlert]),
  outgoing: zodPrice,
})
const zodMapConnection = createConnection(url, {
  incoming: { price: zodPrice, alert: zodAlert },
  outgoing: { price: zodPrice, alert: zodAlert },
})
const valibotConnection = createConnection(url, {
  incoming: v.variant('type', [valibotPrice, valibotAlert]),
  outgoing: valibotPrice,
})
const valibotMapConnection = createConnection(url, {
  incoming: { price: valibotPrice, alert: valibotAlert },
  outgoing: { price: valibotPrice, alert: valibotAlert },
})
const arktypeConnection = createConnection(url, {
  incoming: arktypePrice.or(arktypeAlert),
  outgoing: arktypePrice,
})
const arktypeMapConnection = createConnection(url, {
  incoming: { price: arktypePrice, alert: arktypeAlert },
  outgoing: { price: arktypePrice, alert: arktypeAlert },
})

describe('createConnection', () => {
  it('infers the types of messages from one schema', () => {
    expectTypeOf(zodConnection).toEqualTypeOf<Connection<Price | Alert, PriceIn>>()
    expectTypeOf(valibotConnection).toEqualTypeOf<Connection<Price | Alert, PriceIn>>()
    expectTypeOf(arktypeConnection).toEqualTypeOf<Connection<Price | Alert, PriceIn>>()
  })

  it('infers them from one schema for each type', () => {
    type Expected = Connection<Price | Alert, PriceIn | Alert>
    expectTypeOf(zodMapConnection).toEqualTypeOf<Expected>()
    expectTypeOf(valibotMapConnection).toEqualTypeOf<Expected>()
    expectTypeOf(arktypeMapConnection).toEqualTypeOf<Expected>()
  })

  it('infers one direction without the other', () => {
    const incoming = createConnection(url, { incoming: zodAlert })
    expectTypeOf(incoming).toEqualTypeOf<Connection<Alert>>()
    const outgoing = createConnection(url, { outgoing: zodAlert })
    expectTypeOf(outgoing).toEqualTypeOf<Connection<unknown, Alert>>()
  })

  it('infers nothing without schemas', () => {
    expectTypeOf(createConnection(url)).toEqualTypeOf<Connection>()
    expectTypeOf(createConnection(url, {})).toEqualTypeOf<Connection>()
    expectTypeOf(createConnection(url, { lingerMs: 1 })).toEqualTypeOf<Connection>()
  })

  it('takes a schema that gives what was declared, and no other', () => {
    const connection = createConnection<Alert, Alert>(url, { incoming: zodAlert })
    expectTypeOf(connection).toEqualTypeOf<Connection<Alert, Alert>>()
    // @ts-expect-error The schema gives something else than what is declared.
    createConnection<Alert>(url, { incoming: zodPrice })
  })

  it('takes nothing for a schema that is none', () => {
    // @ts-expect-error An object with a parse function is no Standard Schema.
    createConnection(url, { incoming: { price: { parse: (value: unknown) => value } } })
  })
})

describe('sendJSON', () => {
  it('takes what the outgoing schema takes', () => {
    expectTypeOf(zodConnection.sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
    expectTypeOf(valibotConnection.sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
    expectTypeOf(arktypeConnection.sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
    expectTypeOf(zodMapConnection.sendJSON).parameter(0).toEqualTypeOf<PriceIn | Alert>()
  })

  it('takes neither what the schema gives nor what comes in', () => {
    compileOnly(() => {
      // @ts-expect-error A date is what the schema gives, not what it takes.
      zodConnection.sendJSON({ type: 'price', at: new Date(0) })
      // @ts-expect-error An alert only comes in.
      zodConnection.sendJSON({ type: 'alert', text: 'fire' })
      // @ts-expect-error An alert only comes in.
      valibotConnection.sendJSON({ type: 'alert', text: 'fire' })
      // @ts-expect-error An alert only comes in.
      arktypeConnection.sendJSON({ type: 'alert', text: 'fire' })
      // @ts-expect-error There is no such type in the map.
      zodMapConnection.sendJSON({ type: 'chat', text: 'hi' })
      // @ts-expect-error The text is missing.
      zodMapConnection.sendJSON({ type: 'alert' })
    })
  })
})

describe('topicOf and where', () => {
  it('get the message that the schema gives', () => {
    createConnection(url, {
      incoming: { price: zodPrice, alert: zodAlert },
      topicOf(message) {
        expectTypeOf(message).toEqualTypeOf<Price | Alert>()
        return message.type === 'price' ? message.at.getTime() : message.text
      },
    })
    createConnection(url, {
      incoming: v.variant('type', [valibotPrice, valibotAlert]),
      topicOf(message) {
        expectTypeOf(message).toEqualTypeOf<Price | Alert>()
        return null
      },
    })
    createConnection(url, {
      incoming: arktypePrice.or(arktypeAlert),
      topicOf(message) {
        expectTypeOf(message).toEqualTypeOf<Price | Alert>()
        return undefined
      },
    })
    createConnection(url, {
      topicOf(message) {
        expectTypeOf(message).toEqualTypeOf<unknown>()
        return 'all'
      },
    })
  })

  it('has to give a text, a number or nothing', () => {
    // @ts-expect-error A date is no topic.
    createConnection(url, { incoming: zodPrice, topicOf: (message) => message.at })
  })
})

describe('useWebSocket', () => {
  it('infers the types from schemas', () => {
    compileOnly(function Component() {
      const { lastMessage, sendJSON, connection } = useWebSocket(url, {
        incoming: { price: zodPrice, alert: zodAlert },
        outgoing: zodPrice,
        topicOf(message) {
          expectTypeOf(message).toEqualTypeOf<Price | Alert>()
          return message.type
        },
        onMessage(message) {
          expectTypeOf(message).toEqualTypeOf<Price | Alert>()
        },
      })
      expectTypeOf(lastMessage).toEqualTypeOf<Price | Alert | undefined>()
      expectTypeOf(sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
      expectTypeOf(connection).toEqualTypeOf<Connection<Price | Alert, PriceIn> | null>()
    })
    compileOnly(function Component() {
      const { lastMessage, sendJSON } = useWebSocket(url, {
        incoming: v.variant('type', [valibotPrice, valibotAlert]),
        outgoing: valibotPrice,
      })
      expectTypeOf(lastMessage).toEqualTypeOf<Price | Alert | undefined>()
      expectTypeOf(sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
    })
    compileOnly(function Component() {
      const { lastMessage, sendJSON } = useWebSocket(url, {
        incoming: { price: arktypePrice, alert: arktypeAlert },
        outgoing: arktypePrice,
      })
      expectTypeOf(lastMessage).toEqualTypeOf<Price | Alert | undefined>()
      expectTypeOf(sendJSON).parameter(0).toEqualTypeOf<PriceIn>()
    })
  })

  it('infers them from a connection', () => {
    compileOnly(function Component() {
      const { lastMessage, sendJSON } = useWebSocket(valibotMapConnection)
      expectTypeOf(lastMessage).toEqualTypeOf<Price | Alert | undefined>()
      expectTypeOf(sendJSON).parameter(0).toEqualTypeOf<PriceIn | Alert>()
      // @ts-expect-error There is no such type in the map.
      sendJSON({ type: 'chat' })
    })
  })
})

describe('readers', () => {
  it('infer the types from the connection they read', () => {
    compileOnly(function Component() {
      const source = zodMapConnection
      expectTypeOf(useLatestMessage(undefined, { source })).toEqualTypeOf<
        Price | Alert | undefined
      >()
      expectTypeOf(useLatestMessage('price', { source })).toEqualTypeOf<Price | undefined>()
      expectTypeOf(useMessages({ source })).toEqualTypeOf<readonly (Price | Alert)[]>()
      expectTypeOf(useMessages({ source, topic: 'alert' })).toEqualTypeOf<readonly Alert[]>()
      useMessage((message) => expectTypeOf(message).toEqualTypeOf<Price | Alert>(), { source })
      const count = useMessageReducer(
        (sum, message) => {
          expectTypeOf(message).toEqualTypeOf<Price | Alert>()
          return sum + 1
        },
        0,
        { source },
      )
      expectTypeOf(count).toEqualTypeOf<number>()
    })
  })

  it('do so for each library', () => {
    compileOnly(function Component() {
      expectTypeOf(useLatestMessage('alert', { source: valibotConnection })).toEqualTypeOf<
        Alert | undefined
      >()
      expectTypeOf(useLatestMessage('alert', { source: arktypeConnection })).toEqualTypeOf<
        Alert | undefined
      >()
      expectTypeOf(useMessages({ source: arktypeMapConnection })).toEqualTypeOf<
        readonly (Price | Alert)[]
      >()
    })
  })
})

describe('the types of a schema', () => {
  it('are what it takes and what it gives', () => {
    expectTypeOf<SchemaInput<typeof zodPrice>>().toEqualTypeOf<PriceIn>()
    expectTypeOf<SchemaOutput<typeof zodPrice>>().toEqualTypeOf<Price>()
    expectTypeOf<SchemaInput<typeof valibotPrice>>().toEqualTypeOf<PriceIn>()
    expectTypeOf<SchemaOutput<typeof valibotPrice>>().toEqualTypeOf<Price>()
    expectTypeOf<SchemaInput<typeof arktypePrice>>().toEqualTypeOf<PriceIn>()
    expectTypeOf<SchemaOutput<typeof arktypePrice>>().toEqualTypeOf<Price>()
  })

  it('are unknown without one', () => {
    expectTypeOf<SchemaInput<undefined>>().toEqualTypeOf<unknown>()
    expectTypeOf<SchemaOutput<undefined>>().toEqualTypeOf<unknown>()
  })
})
