import { beforeEach, expect, onTestFinished, vi } from 'vitest'

/**
 * Fails each test of a file that leaves a warning or an error printed: by the package, or by React
 * about the package.
 *
 * @returns takes away what was printed so far, for tests that expect it
 */
export function keepConsoleSilent(): () => string[] {
  let printed: string[] = []

  function takePrinted(): string[] {
    const taken = printed
    printed = []
    return taken
  }

  beforeEach(() => {
    const spies = (['warn', 'error'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
        printed.push(parts.map(String).join(' '))
      }),
    )
    onTestFinished(() => {
      spies.forEach((spy) => spy.mockRestore())
      expect(takePrinted()).toEqual([])
    })
  })
  return takePrinted
}
