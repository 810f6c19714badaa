import type { IncomingMessage } from 'node:http'

/**
 * Whether a page of this very server made the request. Browsers send `Origin` with every upgrade
 * and every POST, and no page can forge it; a proxy in front names the host the page sees.
 */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  if (!origin || !URL.canParse(origin)) return false
  return [host, headers['x-forwarded-host']].includes(new URL(origin).host)
}
