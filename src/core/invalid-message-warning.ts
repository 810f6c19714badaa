import { warnInDevelopment } from './development-warning'
import type { WirehookError } from './errors'
import type { SchemaIssue } from './schema'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

function describePath({ path = [] }: SchemaIssue): string {
  return path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
}

/** The issues by where they are, and not by what came there, which may be another one every time. */
function describe(error: WirehookError, issues: readonly SchemaIssue[]): string {
  const paths = issues.map(describePath).filter(Boolean).join(', ')
  return `${error.message}${paths && ` It is about: ${paths}.`} Pass onInvalid to see the whole message.`
}

/** In development, says once for each place what is wrong with what a server sends. */
export function warnAboutInvalidMessage(
  error: WirehookError,
  issues: readonly SchemaIssue[],
): void {
  try {
    if (process.env.NODE_ENV !== 'production') warnInDevelopment(describe(error, issues))
  } catch {
    // A browser without a bundler has no process.
  }
}
