import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Who somebody is, and until when this server believes it.
 *
 * @typedef {{ user: string, expiresAt: number }} Claims
 */

/**
 * A stand-in for the tokens your app has already: claims, and a signature that only holders of the
 * secret can make.
 *
 * @param {string} secret
 * @param {Claims} claims
 */
export function createToken(secret, claims) {
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${text}.${sign(secret, text)}`
}

/**
 * @param {string} secret
 * @param {string} token
 * @returns {Claims | null} `null` if it was not made with this secret, or has expired
 */
export function readToken(secret, token) {
  const [text = '', signature = ''] = token.split('.')
  if (!isSame(signature, sign(secret, text))) return null
  const claims = /** @type {Claims} */ (JSON.parse(Buffer.from(text, 'base64url').toString()))
  return claims.expiresAt > Date.now() ? claims : null
}

/**
 * @param {string} secret
 * @param {string} text
 */
function sign(secret, text) {
  return createHmac('sha256', secret).update(text).digest('base64url')
}

/**
 * Takes the same time however much of a guess is right.
 *
 * @param {string} given
 * @param {string} expected
 */
function isSame(given, expected) {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}
