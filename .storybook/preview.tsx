import type { Preview } from '@storybook/react-vite'
import { useGlobals } from 'storybook/preview-api'
import { configure } from 'storybook/test'
import {
  initialNetwork,
  installDemoNetwork,
  Network,
  networkToolbar,
  type NetworkGlobals,
} from './network'
import { Theme } from './theme'

installDemoNetwork()
// A second is short for what a browser does beside others on a small machine.
configure({ asyncUtilTimeout: 5000 })

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    controls: { expanded: true },
    options: { storySort: { order: ['Chat', 'Connection', 'Messages', 'React', 'Recipes'] } },
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
    ...networkToolbar,
  },
  initialGlobals: { theme: 'system', ...initialNetwork },
  decorators: [
    (Story) => {
      const [globals, updateGlobals] = useGlobals()
      return (
        <Theme name={String(globals.theme)}>
          <Network globals={globals as unknown as NetworkGlobals} updateGlobals={updateGlobals}>
            <Story />
          </Network>
        </Theme>
      )
    },
  ],
}

export default preview
