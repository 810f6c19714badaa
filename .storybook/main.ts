import { fileURLToPath } from 'node:url'
import type { StorybookConfig } from '@storybook/react-vite'
import { mergeConfig } from 'vite'
import { demoServer } from './demo-server/vite-plugin.js'

const config: StorybookConfig = {
  stories: ['../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: { name: '@storybook/react-vite', options: { strictMode: true } },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: {
    backgrounds: false,
    sidebarOnboardingChecklist: false,
    menuOnboardingChecklist: false,
  },
  viteFinal: (viteConfig) =>
    mergeConfig(viteConfig, {
      plugins: [demoServer()],
      // What is built meanwhile is no reason to load the page again.
      server: { watch: { ignored: ['**/docs-static/**', '**/storybook-static/**'] } },
      resolve: {
        alias: [
          { find: /^wirehook$/, replacement: sourceFile('index.ts') },
          { find: /^wirehook\/(\w+)$/, replacement: sourceFile('$1.ts') },
        ],
      },
    }),
}

export default config

function sourceFile(name: string): string {
  return `${fileURLToPath(new URL('../src', import.meta.url))}/${name}`
}
