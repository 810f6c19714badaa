/**
 * What everybody in a room gets.
 *
 * @typedef {object} ChatMessage
 * @property {'message'} type
 * @property {string} id chosen by the sender, so that a message that is sent again is taken once
 * @property {string} author
 * @property {string} text
 * @property {number} at when the server took it, in milliseconds since 1970
 */

/**
 * What a client says.
 *
 * @typedef {{ type: 'auth', token: string }
 *   | { type: 'say', id: string, text: string }
 *   | { type: 'replay' }
 *   | { type: 'ping' }} ClientMessage
 */

/** So many messages are kept of a room. */
export const historyLength = 50

const maxIdLength = 64
const maxTextLength = 500

/**
 * The client's message, or `null` for anything that is not one.
 *
 * @param {string} frame
 * @returns {ClientMessage | null}
 */
export function parseClientMessage(frame) {
  const { type, id, text, token } = parseObject(frame)
  if (type === 'ping' || type === 'replay') return { type }
  if (type === 'auth' && isText(token, Infinity)) return { type, token }
  if (type === 'say' && isText(id, maxIdLength) && isText(text, maxTextLength)) {
    return { type, id, text }
  }
  return null
}

/**
 * @param {string} frame
 * @returns {Record<string, unknown>}
 */
function parseObject(frame) {
  try {
    return { .../** @type {object | null} */ (JSON.parse(frame)) }
  } catch {
    return {}
  }
}

/**
 * @param {unknown} value
 * @param {number} maxLength
 * @returns {value is string}
 */
function isText(value, maxLength) {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength
}
