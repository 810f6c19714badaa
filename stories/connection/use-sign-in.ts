import { useRef, useState } from 'react'

/**
 * Stands for the part of an app that knows who is signed in: gives the token it has, or fetches another
 * one if that has expired.
 *
 * @param lifetimeMs how long the tokens live that are fetched from now on
 */
export function useSignIn(lifetimeMs: number) {
  const [fetched, setFetched] = useState(0)
  const token = useRef<string>(undefined)

  async function fetchToken(isExpired: boolean): Promise<string> {
    if (token.current === undefined || isExpired) {
      token.current = `${crypto.randomUUID()}.${lifetimeMs}`
      setFetched((count) => count + 1)
    }
    return Promise.resolve(token.current)
  }

  return { fetched, fetchToken }
}
