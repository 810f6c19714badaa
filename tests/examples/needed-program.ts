/**
 * The program that tests need, or `undefined` if they are to be skipped, because this machine does
 * not have it. Where changes are checked nothing is skipped: there the tests fail.
 */
export function neededProgram(name: string, found: string | undefined): string | undefined {
  if (found !== undefined) return found
  if (process.env.CI) return `${name}-is-not-on-this-machine`
  console.warn(`${name} is not on this machine: tests are skipped (see scripts/services.mjs).`)
  return undefined
}
