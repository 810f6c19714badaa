import { expect, it } from 'vitest'
import { createSeededRandom } from './seeded-random'

function draw(seed: number, count: number): number[] {
  const random = createSeededRandom(seed)
  return Array.from({ length: count }, random)
}

it('the same seed gives the same numbers, and another seed others', () => {
  expect(draw(7, 20)).toEqual(draw(7, 20))
  expect(draw(7, 20)).not.toEqual(draw(8, 20))
})

it('the numbers are spread evenly from 0 up to 1', () => {
  const tenths = draw(1, 10_000).map((number) => Math.floor(number * 10))
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const share = tenths.filter((found) => found === tenth).length
    expect(Math.abs(share - 1000)).toBeLessThan(150)
  }
})
