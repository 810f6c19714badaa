import type { Preview } from '@storybook/react-vite'
import { Theme } from './theme'

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    controls: { expanded: true },
    options: { storySort: { order: ['Chat'] } },
  },
  globalTypes: {
    theme: {
      description: 'Colours of the story',
      toolbar: {
        title: 'Theme',
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'system', title: 'System theme' },
          { value: 'light', title: 'Light theme', icon: 'sun' },
          { value: 'dark', title: 'Dark theme', icon: 'moon' },
        ],
      },
    },
  },
  initialGlobals: { theme: 'system' },
  decorators: [
    (Story, { globals }) => (
      <Theme name={String(globals.theme)}>
        <Story />
      </Theme>
    ),
  ],
}

export default preview
