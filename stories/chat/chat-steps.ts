import type { StoryContext } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'

type Canvas = StoryContext['canvas']

/** Longer than the server's restart, with room for the waiting between two attempts. */
const patience = { timeout: 12_000 }

/** What a visitor does and sees in the chat, in words of the chat. */
export function chatSteps(canvas: Canvas) {
  const region = (name: string) => within(canvas.getByRole('region', { name }))

  const messageIn = (reader: string, text: string) => {
    const log = canvas.getByRole('log', { name: `Messages seen by ${reader}` })
    return within(log).getByText(text).closest('li')
  }

  return {
    seesStatus: (status: string) => region('Connection').findByText(status, {}, patience),

    seesInDiary: (text: string | RegExp) => region('Diary').findAllByText(text, {}, patience),

    async seesQueued(count: number) {
      await eventually(async () => {
        const term = region('Connection').getByText('Queued')
        await expect(term.nextElementSibling).toHaveTextContent(`${count}`)
      })
    },

    async seesSockets(count: number) {
      await eventually(async () => {
        const term = region('Server').getByText(/^sockets? at the server$/)
        await expect(term.nextElementSibling).toHaveTextContent(`${count}`)
      })
    },

    /** Once, and with the time at which the server took it. */
    async seesDelivered(reader: string, text: string) {
      await eventually(async () => {
        await expect(messageIn(reader, text)?.querySelector('time')).toBeVisible()
      })
    },

    async seesWaiting(reader: string, text: string) {
      await eventually(async () => {
        await expect(messageIn(reader, text)).toHaveTextContent('Waiting for the connection')
      })
    },

    async says(author: string, text: string) {
      await userEvent.click(canvas.getByLabelText(`Message as ${author}`))
      await userEvent.paste(text)
      await userEvent.keyboard('{Enter}')
    },

    /** Leaves the fields, and the page at its top, where the next visitor starts. */
    stepsBack() {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      window.scrollTo(0, 0)
    },

    async presses(control: 'Cut' | 'Restart' | 'Mute' | 'Unmute') {
      const name = new RegExp(`^${control}`)
      await userEvent.click(await region('Server').findByRole('button', { name }))
    },
  }
}

async function eventually(check: () => Promise<void>): Promise<void> {
  await waitFor(check, patience)
}
