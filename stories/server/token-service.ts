import type { Client, Service } from './client.js'

type Timer = ReturnType<typeof setTimeout>

/** The close code that says: come back with another token. It mirrors HTTP 401. */
const unauthorized = 4401

const patienceMs = 5000

/** A link that is closed when its time is over. */
interface Stay {
  readonly token: string | undefined
  readonly timer: Timer
}

/**
 * Wants a token, as `?token=` or as the first message, `{ type: 'auth', token }`, and answers
 * `{ type: 'auth-ok' }`. Whoever has none, or one whose time is over, is sent away with 4401.
 *
 * The tokens of the demo say themselves how long they live: `b.30000` lives for 30 s from when it is
 * first seen. Real ones are signed. `{ type: 'revoke' }` ends the life of one's own at once.
 */
export function createTokenService(): Service {
  const expiries = new Map<string, number>()
  const stays = new Map<Client, Stay>()

  function stay(client: Client, token: string | undefined, forMs: number, why: string): void {
    clearTimeout(stays.get(client)?.timer)
    const timer = setTimeout(() => client.close(unauthorized, why), forMs)
    stays.set(client, { token, timer })
  }

  function authenticate(client: Client, token: string): void {
    const leftMs = expiryOf(token) - Date.now()
    if (!(leftMs > 0)) return client.close(unauthorized, 'Token expired')
    stay(client, token, leftMs, 'Token expired')
    client.tell({ type: 'auth-ok' })
  }

  function expiryOf(token: string): number {
    const expiry = expiries.get(token) ?? Date.now() + Number(token.split('.')[1])
    expiries.set(token, expiry)
    return expiry
  }

  function revoke(client: Client): void {
    const { token } = stays.get(client) ?? {}
    if (token) expiries.set(token, 0)
    client.close(unauthorized, 'Token revoked')
  }

  return {
    onJoin(client) {
      const token = client.params.get('token')
      stay(client, undefined, patienceMs, 'No token')
      if (token !== null) authenticate(client, token)
    },
    onMessage(client, { type, token }) {
      if (type === 'auth' && typeof token === 'string') authenticate(client, token)
      else if (type === 'revoke') revoke(client)
      else client.close(1008, 'Unknown type')
    },
    onLeave(client) {
      clearTimeout(stays.get(client)?.timer)
      stays.delete(client)
    },
    close: () => stays.forEach(({ timer }) => clearTimeout(timer)),
  }
}
