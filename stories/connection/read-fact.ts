import type { StoryContext } from '@storybook/react-vite'

/** The value that a story shows under this name, for its play function. */
export function readFact(canvas: StoryContext['canvas'], name: string): Element | null {
  return canvas.getByText(name, { selector: 'dt' }).nextElementSibling
}
