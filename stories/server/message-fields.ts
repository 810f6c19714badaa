import type { UnknownMessage } from './client.js'

/** The text in a field; `null` if there is none, only blanks, or too much of it. */
export function readText(message: UnknownMessage, name: string, maxLength: number): string | null {
  const value = message[name]
  const isText = typeof value === 'string' && value.trim() !== '' && value.length <= maxLength
  return isText ? value : null
}

/** The number in a field; `null` if there is none. */
export function readNumber(message: UnknownMessage, name: string): number | null {
  const value = message[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** The texts in a field that is a list; anything else is left out. */
export function readTexts(message: UnknownMessage, name: string, maxCount: number): string[] {
  const value = message[name]
  if (!Array.isArray(value)) return []
  return value.filter((item): item is string => typeof item === 'string').slice(0, maxCount)
}

/** The message inside of a field; `null` if there is none. */
export function readObject(message: UnknownMessage, name: string): UnknownMessage | null {
  const value = message[name]
  return typeof value === 'object' && value !== null ? { ...value } : null
}
