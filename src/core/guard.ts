import type { Environment } from './environment'

/** Runs what belongs to the user. An error in it is reported as uncaught and stops nothing else. */
export function guard<Result>(
  { reportError }: Environment,
  work: () => Result,
): Result | undefined {
  try {
    return work()
  } catch (error) {
    reportError(error)
    return undefined
  }
}
