import type { Codec } from '../core/codec'

type Reviver = (key: string, value: unknown) => unknown

export interface JsonOptions {
  /** As the second argument of `JSON.parse`: gets each key and value, gives the value to use. */
  reviver?: Reviver
  /** As the second argument of `JSON.stringify`. */
  replacer?: (key: string, value: unknown) => unknown
}

/**
 * JSON for text frames; binary frames are handed on untouched. Without options the same as the
 * default codec.
 *
 * A reviver is called for every value, which makes reading several times slower.
 */
export function json({ reviver, replacer }: JsonOptions = {}): Codec {
  return {
    encode: (value) => JSON.stringify(value, replacer),
    decode: (data) => (typeof data === 'string' ? (JSON.parse(data, reviver) as unknown) : data),
  }
}

/**
 * A reviver that refuses messages with a key `__proto__`, or a `constructor` that has a `prototype`,
 * which code that merges or copies objects key by key may write into the prototypes of all others.
 * `JSON.parse` itself, and this package, are not harmed by them.
 *
 * @throws SyntaxError for such a message, which makes it a `malformed-message`
 */
export const refusePrototypeKeys: Reviver = (key, value) => {
  const isPrototype =
    key === '__proto__' ||
    (key === 'constructor' &&
      typeof value === 'object' &&
      value !== null &&
      Object.hasOwn(value, 'prototype'))
  if (isPrototype) throw new SyntaxError(`The key ${key} is refused.`)
  return value
}
