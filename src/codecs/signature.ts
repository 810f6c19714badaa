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
    const given = typeof source === 'function' ? await source() : source
    if (given instanceof CryptoKey) return given
    if (!globalThis.crypto?.subtle) {
      throw new TypeError('Signing needs WebCrypto, which pages have on https: and localhost only.')
    }
    const secret = typeof given === 'string' ? new TextEncoder().encode(given) : given
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
      const signature = await crypto.subtle.sign(
        algorithm,
        await findKey(),
        new TextEncoder().encode(text),
      )
      return toBase64(new Uint8Array(signature))
    },
    async verify(text, signature) {
      // WebCrypto compares in constant time.
      return crypto.subtle.verify(
        algorithm,
        await findKey(),
        fromBase64(signature),
        new TextEncoder().encode(text),
      )
    },
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
