export { binary } from './codecs/binary'
export { envelope } from './codecs/envelope'
export { json, refusePrototypeKeys } from './codecs/json'
export { text } from './codecs/text'

export type { EnvelopeOptions } from './codecs/envelope'
export type { JsonOptions } from './codecs/json'
export type { SigningKey } from './codecs/signature'
export type { Codec } from './core/codec'
