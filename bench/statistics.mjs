/** @param {readonly number[]} samples */
export function median(samples) {
  const sorted = samples.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/**
 * How many times one is the other. Each repetition is compared with itself, so what slows the whole
 * machine down for a while does not count.
 *
 * @param {readonly number[]} ones
 * @param {readonly number[]} others
 */
export function medianRatio(ones, others) {
  return median(ones.map((one, repetition) => one / (others[repetition] ?? Number.NaN)))
}

/**
 * Another order for each repetition, and the same ones in every run.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} repetition
 * @returns {Item[]}
 */
export function shuffle(items, repetition) {
  const random = createRandom(repetition + 1)
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

/**
 * The generator mulberry32.
 *
 * @param {number} seed
 */
function createRandom(seed) {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
