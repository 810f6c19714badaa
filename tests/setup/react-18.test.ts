// Runs in the project `dom-react18` only: without it, that project could silently test React 19.
import { createRequire } from 'node:module'
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, it } from 'vitest'

it('runs these tests on React 18', () => {
  expect(version).toMatch(/^18\./)
  expect(domVersion).toMatch(/^18\./)
})

it('gives React 18 to packages that Node loads, too', () => {
  const require = createRequire(import.meta.resolve('@testing-library/react'))
  expect(require('react')).toHaveProperty('version', version)
  expect(require('react-dom')).toHaveProperty('version', domVersion)
})
