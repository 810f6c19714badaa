import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { findBrowser, quietSwitches } from './scripts/browser.mjs'
import { faultGroups } from './tests/e2e/fault-rows.ts'
import { reactCompiler } from './tests/setup/react-compiler.ts'
import { toReact18 } from './tests/setup/to-react-18.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const storybookFolder = `${root}.storybook`
const browser = findBrowser()

/** Tests and stories import the package by its name, and get the sources. */
const publicEntries = [
  { find: /^wirehook$/, replacement: `${root}src/index.ts` },
  { find: /^wirehook\/core$/, replacement: `${root}src/core.ts` },
  { find: /^wirehook\/codecs$/, replacement: `${root}src/codecs.ts` },
]

const domTests = {
  environment: 'jsdom',
  include: ['tests/{react,recipes}/**/*.test.{ts,tsx}'],
  setupFiles: ['tests/setup/dom.ts'],
}

const projects: TestProjectInlineConfiguration[] = [
  {
    resolve: { alias: publicEntries },
    test: {
      name: 'unit',
      environment: 'node',
      include: ['tests/{core,codecs,types}/**/*.test.ts', 'tests/*.test.ts'],
    },
  },
  {
    plugins: [react()],
    resolve: { alias: publicEntries },
    test: { ...domTests, name: 'dom' },
  },
  {
    plugins: [reactCompiler(root), react()],
    resolve: { alias: publicEntries },
    test: {
      ...domTests,
      name: 'dom-compiled',
      env: { WIREHOOK_COMPILED: 'yes' },
      include: [...domTests.include, 'tests/setup/react-compiler.test.tsx'],
    },
  },
  {
    plugins: [react()],
    resolve: { alias: [toReact18, ...publicEntries] },
    test: {
      ...domTests,
      name: 'dom-react18',
      // Node would load these by itself, and with them React 19.
      server: { deps: { inline: [/zustand/, /@tanstack\/react-query/] } },
      include: [...domTests.include, 'tests/setup/react-18.test.ts'],
      setupFiles: ['tests/setup/react-18.ts', ...domTests.setupFiles],
    },
  },
  {
    resolve: { alias: publicEntries },
    test: {
      name: 'integration',
      environment: 'node',
      include: ['tests/{integration,rig}/**/*.test.{ts,tsx}'],
      // One server and one network at a time, so that timing stays true on small machines.
      fileParallelism: false,
    },
  },
  {
    resolve: { alias: publicEntries },
    test: {
      name: 'examples',
      environment: 'node',
      include: ['tests/examples/**/*.test.ts'],
      // Each file starts servers of its own; one at a time keeps timing true on small machines.
      fileParallelism: false,
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  },
  {
    resolve: { alias: publicEntries },
    test: {
      name: 'browser',
      // These tests run in Node: they serve pages and drive Chromium from outside.
      environment: 'node',
      include: ['tests/browser/**/*.test.{ts,tsx}'],
      env: { WIREHOOK_BROWSER: browser ?? '' },
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
  {
    resolve: { alias: publicEntries },
    test: {
      name: 'e2e',
      environment: 'node',
      include: ['tests/e2e/**/*.test.{ts,tsx}'],
      env: { WIREHOOK_BROWSER: browser ?? '' },
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 60_000,
    },
  },
]

if (existsSync(`${storybookFolder}/main.ts`)) {
  projects.push({
    plugins: [storybookTest({ configDir: storybookFolder })],
    resolve: { alias: publicEntries },
    test: {
      name: 'storybook',
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        provider: playwright({
          launchOptions: {
            ...(browser && { executablePath: browser }),
            args: quietSwitches,
          },
        }),
      },
    },
  })
}

export default defineConfig({
  test: {
    projects,
    // Tests are tagged with the fault whose row they prove.
    tags: faultGroups.flatMap(({ rows }) =>
      rows.map(({ id, fault }) => ({ name: `fault-${id}`, description: fault })),
    ),
    coverage: {
      include: ['src/**'],
      reportsDirectory: 'coverage',
    },
  },
})
