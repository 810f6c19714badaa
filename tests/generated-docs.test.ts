// What these parts of the docs say comes from somewhere else. After a change there:
// `npx vitest run tests/generated-docs.test.ts --update`
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  renderChart,
  renderReadmeFigures,
  renderTable,
  replaceBetweenMarks,
} from '../bench/report.mjs'
import type { Result } from '../bench/result'
import { faultGroups } from './e2e/fault-rows'
import { renderFaultTables } from './e2e/fault-table'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Compares the text between `<!-- name -->` and `<!-- /name -->`. */
async function expectBlock(page: string, name: string, text: string): Promise<void> {
  const file = join(root, page)
  const expected = replaceBetweenMarks(readFileSync(file, 'utf8'), name, text)
  await expect(expected).toMatchFileSnapshot(file)
}

describe('the docs', () => {
  it('show the fault list that the tests prove', async () => {
    await expectBlock('docs/reliability.md', 'faults', renderFaultTables())
  })
})

describe('the figures', () => {
  const result = JSON.parse(readFileSync(join(root, 'bench/results/latest.json'), 'utf8')) as Result
  const { devDependencies } = JSON.parse(
    readFileSync(join(root, 'bench/package.json'), 'utf8'),
  ) as { devDependencies: Record<string, string> }

  it('in the README are those that the bench has measured', async () => {
    await expectBlock('README.md', 'figures', renderReadmeFigures(result))
  })

  it('beside the bench are those that it has measured', async () => {
    await expectBlock('bench/README.md', 'results', renderTable(result))
  })

  it('in the chart are those that the bench has measured', async () => {
    await expect(renderChart(result)).toMatchFileSnapshot(join(root, 'bench/chart.svg'))
  })

  it('are of a whole run, with the packages that are installed', () => {
    expect(result.isQuick).toBe(false)
    expect(result.versions).toMatchObject(devDependencies)
  })
})

describe('the fault list', () => {
  const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => readFileSync(join(root, 'tests', file), 'utf8'))
  const rows = faultGroups.flatMap((group) => group.rows)

  it('names each row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  it.each(rows.filter(({ notRun }) => notRun === undefined))(
    'has a test for row $id: $fault',
    ({ id }) => {
      expect(tests.some((text) => text.includes(`'fault-${id}'`))).toBe(true)
    },
  )

  it.each(rows.filter(({ notRun }) => notRun !== undefined))(
    'has no test for row $id, which it says is not run',
    ({ id }) => {
      expect(tests.some((text) => text.includes(`'fault-${id}'`))).toBe(false)
    },
  )
})
