import { setTimeout as wait } from 'node:timers/promises'

/** What a test waits for in a page. */
export interface DocumentWaits {
  /** Resolves once the expression is truthy, also if that is in another document. */
  waitFor(expression: string, timeoutMs?: number): Promise<void>
  /** Resolves once what was started has led to a new document, or back to an old one. */
  leave(start: () => Promise<unknown>): Promise<void>
}

const defaultTimeoutMs = 5000
/** A page that is built for development takes long to load on a busy machine. */
export const loadTimeoutMs = 30_000
const pollMs = 10

/** @param evaluate gives the value of an expression in the page */
export function createDocumentWaits(
  evaluate: (expression: string) => Promise<unknown>,
): DocumentWaits {
  let documentsLeft = 0

  async function waitFor(expression: string, timeoutMs = defaultTimeoutMs): Promise<void> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      let cause: unknown
      try {
        if (await evaluate(`Boolean(${expression})`)) return
      } catch (error) {
        // Between two documents there is nothing to ask.
        cause = error
      }
      if (performance.now() > deadline) throw new Error(`Still not so: ${expression}`, { cause })
      await wait(pollMs)
    }
  }

  return {
    waitFor,
    /** Marks the document to be left, and waits for one without that mark. */
    async leave(start) {
      documentsLeft += 1
      await evaluate(`window.leftAs = ${documentsLeft}`)
      await start()
      await waitFor(
        `window.leftAs !== ${documentsLeft} && document.readyState === 'complete'`,
        loadTimeoutMs,
      )
    },
  }
}
