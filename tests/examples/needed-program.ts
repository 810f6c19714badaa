/**
 * The program that tests need, or `undefined` if this machine does not have it, so that they are
 * skipped. Where changes are checked nothing is skipped: there it is an error.
 */
export function neededProgram(name: string, found: string | undefined): string | undefined {
  if (found !== undefined) return found
  const complaint = `${name} is not on this machine (see scripts/services.mjs)`
  if (process.env.CI) throw new Error(complaint)
  console.warn(`${complaint}: tests are skipped.`)
  return undefined
}
