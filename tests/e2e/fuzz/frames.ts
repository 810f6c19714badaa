import * as fc from 'fast-check'

/** Names that every object has, and those that the connections of these tests know. */
const anyName = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'price',
  'ask',
  'ping',
  'pong',
  'r1',
  '',
)

const anyField = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('type', 'topic', 'id', 'error', 'message', '~standard') },
  { weight: 2, arbitrary: anyName },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
)

const anyPlainText = fc.oneof(
  { weight: 5, arbitrary: anyName.map((name) => JSON.stringify(name)) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('null', 'true', 'false', '0', '1', '-0', '1e400', '[]', '{}', '""'),
  },
)

/** An object as text, for only there `__proto__` can be a field like any other. */
function toObjectText(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`
}

const anyInnerText = fc.oneof(
  { weight: 4, arbitrary: anyPlainText },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(anyField, anyPlainText), { maxLength: 3 }).map(toObjectText),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyPlainText, { maxLength: 3 }).map((texts) => `[${texts.join()}]`),
  },
)

/** What the connections of these tests look for. */
const anyMeaning = fc.constantFrom<[string, string]>(
  ['type', '"price"'],
  ['type', '"ask"'],
  ['type', '"pong"'],
  ['type', '"__proto__"'],
  ['topic', '"constructor"'],
  ['id', '"r1"'],
  ['id', '1'],
  ['id', '"__proto__"'],
)

const anyFields = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: anyMeaning },
    { weight: 3, arbitrary: fc.tuple(anyField, anyInnerText) },
  ),
  { maxLength: 4 },
)

/** A message as a server might send it. */
const anyJson = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(anyMeaning, anyFields)
      .map(([meaning, fields]) => toObjectText([meaning, ...fields])),
  },
  { weight: 1, arbitrary: anyFields.map(toObjectText) },
  { weight: 1, arbitrary: anyInnerText },
)

type Mutation = (text: string) => string

const anyPlace = fc.nat(1000)

function at(text: string, place: number): number {
  return place % (text.length + 1)
}

const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(anyPlace, fc.integer({ min: 1, max: 10 })).map(([place, count]): Mutation => (text) => {
    const start = at(text, place)
    return text.slice(0, start) + text.slice(start + count)
  }),
  fc
    .tuple(anyPlace, fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }))
    .map(([place, other]): Mutation => (text) => {
      const start = at(text, place)
      return text.slice(0, start) + other + text.slice(start)
    }),
  fc.tuple(anyPlace, fc.integer({ min: 0, max: 7 })).map(([place, bit]): Mutation => (text) => {
    const start = at(text, place)
    const flipped = String.fromCharCode((text.charCodeAt(start) || 0) ^ (1 << bit))
    return text.slice(0, start) + flipped + text.slice(start + 1)
  }),
  fc.tuple(anyPlace, anyPlace).map(
    ([from, to]): Mutation =>
      (text) =>
        text.slice(0, at(text, from)) + text.slice(at(text, to)),
  ),
  fc.tuple(anyPlace, anyInnerText).map(([place, other]): Mutation => (text) => {
    const start = at(text, place)
    return text.slice(0, start) + other + text.slice(start)
  }),
  fc.integer({ min: 1, max: 2000 }).map(
    (depth): Mutation =>
      (text) =>
        `${'['.repeat(depth)}${text}${']'.repeat(depth)}`,
  ),
)

const anyMutatedJson = fc
  .tuple(anyJson, fc.array(anyMutation, { minLength: 1, maxLength: 3 }))
  .map(([text, mutations]) => mutations.reduce((mutated, mutate) => mutate(mutated), text))

const anyBytes = fc.uint8Array({ maxLength: 60 })

/** What may come out of a socket as the data of a message. */
export type FuzzFrame = string | ArrayBuffer

export const anyFrame: fc.Arbitrary<FuzzFrame> = fc.oneof(
  { weight: 4, arbitrary: anyJson },
  { weight: 5, arbitrary: anyMutatedJson },
  {
    weight: 1,
    arbitrary: fc.constantFrom('pong', 'ping', '"pong"', 'null', '', ' ', '\u0000', '\ufeff{}'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: anyBytes.map((bytes) => new TextDecoder().decode(bytes)) },
  { weight: 1, arbitrary: anyBytes.map((bytes) => bytes.slice().buffer) },
)
