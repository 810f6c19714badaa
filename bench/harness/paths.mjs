import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const bench = fileURLToPath(new URL('..', import.meta.url))
/** Where the built pages lie; ignored by git. */
export const built = fileURLToPath(new URL('../../.cache/bench', import.meta.url))
