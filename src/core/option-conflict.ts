import { redactUrl } from './address'
import type { ConnectionOptions } from './connection-options'
import { warnInDevelopment } from './development-warning'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Functions are new on every render of a correct program, so they count as equal. */
function show(value: unknown): string | undefined {
  try {
    return JSON.stringify([value].flat(), (_, part: unknown) =>
      typeof part === 'function' ? 'function' : part,
    )
  } catch {
    // What JSON cannot show is not compared.
    return undefined
  }
}

function describeConflict(
  url: string,
  deciding: ConnectionOptions,
  ignored: ConnectionOptions,
): string {
  const names = Object.keys({ ...deciding, ...ignored }) as (keyof ConnectionOptions)[]
  const differing = names.filter((name) => show(deciding[name]) !== show(ignored[name]))
  return differing.length
    ? `${redactUrl(url)} is shared, and its users gave different options: ${differing.join(', ')}. Those given first count. Give them in one place, or use another key for a connection of its own.`
    : ''
}

/** In development, says once that two users of one connection asked for different things. */
export function warnAboutConflict(
  url: string,
  deciding: ConnectionOptions = {},
  ignored: ConnectionOptions = {},
): void {
  try {
    if (process.env.NODE_ENV !== 'production') {
      warnInDevelopment(describeConflict(url, deciding, ignored))
    }
  } catch {
    // A browser without a bundler has no process.
  }
}
