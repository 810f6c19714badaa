/** A secret as text or bytes, or a key for HMAC with SHA-256 that may sign and verify. */
export type SigningKey = string | BufferSource | CryptoKey

export interface Signer {
  /** In base64. */
  sign(text: string): Promise<string>
  verify(text: string, signature: string): Promise<boolean>
}

const algorithm = { name: 'HMAC', hash: 'SHA-256' }

/** @param source asked once, when it is first needed */
export function createSigner(
  source: SigningKey | (() => SigningKey | Promise<SigningKey>),
): Signer {
  let key: Promise<CryptoKey> | undefined

  async function importKey(): Promise<CryptoKey> {
    if (!globalThis.crypto?.subtle) {
      throw new TypeError('Signing needs WebCrypto, which pages have on https: and localhost only.')
    }
    const given = typeof source === 'function' ? await source() : source
    if (given instanceof CryptoKey) return given
    const secret = typeof given === 'string' ? encode(given) : given
    return crypto.subtle.importKey('raw', secret, algorithm, false, ['sign', 'verify'])
  }

  /** A key that could not be had is asked for again. */
  function findKey(): Promise<CryptoKey> {
    key ??= importKey().catch((error: unknown) => {
      key = undefined
      throw error
    })
    return key
  }

  return {
    async sign(text) {
      const signingKey = await findKey()
      const signature = await crypto.subtle.sign(algorithm, signingKey, encode(text))
      return btoa(String.fromCharCode(...new Uint8Array(signature)))
    },
    async verify(text, signature) {
      const signingKey = await findKey()
      const bytes = fromBase64(signature)
      // WebCrypto compares in constant time.
      return !!bytes && crypto.subtle.verify(algorithm, signingKey, bytes, encode(text))
    },
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** `undefined` if it is no base64. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
