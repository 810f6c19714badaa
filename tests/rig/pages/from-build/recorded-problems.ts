declare global {
  interface Window {
    /** What went wrong in this document so far, for a test to look at from outside. */
    problems: string[]
  }
}

/**
 * Errors and warnings so far: uncaught, unhandled, or in the console. To be imported first, for what
 * is imported after it is watched, too.
 */
export const problems: string[] = []

addEventListener('error', ({ message }) => problems.push(message))
addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)))
for (const level of ['error', 'warn'] as const) {
  console[level] = (...words: unknown[]) => problems.push(words.map(String).join(' '))
}
