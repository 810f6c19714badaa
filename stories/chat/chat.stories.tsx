import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import type { ConnectionOptions } from 'wirehook'
import { ChatDemo } from './chat-demo'
import { chatSteps } from './chat-steps'

/** Options of the connection, one control each. */
interface ChatArgs {
  heartbeatIntervalMs: number
  heartbeatTimeoutMs: number
  connectTimeoutMs: number
  minDelayMs: number
  maxDelayMs: number
  maxAttempts: number
  maxMessages: number
}

const meta = {
  title: 'Chat',
  // Without Autodocs: their page would come before it, and Storybook opens on what comes first.
  args: {
    heartbeatIntervalMs: 3000,
    heartbeatTimeoutMs: 2000,
    connectTimeoutMs: 3000,
    minDelayMs: 1000,
    maxDelayMs: 5000,
    maxAttempts: 10,
    maxMessages: 100,
  },
  argTypes: {
    heartbeatIntervalMs: milliseconds('heartbeat.intervalMs', 'Silence before a ping', 10_000),
    heartbeatTimeoutMs: milliseconds('heartbeat.timeoutMs', 'Time an answer may take', 10_000),
    connectTimeoutMs: milliseconds('connectTimeoutMs', 'Time an attempt may take', 10_000),
    minDelayMs: milliseconds('reconnect.minDelayMs', 'Window of the first retry', 10_000),
    maxDelayMs: milliseconds('reconnect.maxDelayMs', 'Largest window of a retry', 30_000),
    maxAttempts: amount('reconnect.maxAttempts', 'Retries before it fails', 50),
    maxMessages: amount('queue.maxMessages', 'Messages kept while not open', 100),
  },
  render: (args) => <ChatDemo options={toOptions(args)} />,
} satisfies Meta<ChatArgs>

export default meta

type Story = StoryObj<typeof meta>

/** Two windows, a badge, a panel and a diary share one socket. */
export const Chat: Story = {
  async play({ canvas }) {
    const { says, seesDelivered, seesSockets, seesStatus, stepsBack } = chatSteps(canvas)
    await seesStatus('Open')
    await says('Ada', 'Hello Lin! Do you have a socket of your own?')
    await seesDelivered('Lin', 'Hello Lin! Do you have a socket of your own?')
    await says('Lin', 'No, we share one. Try "Restart" and keep writing.')
    await seesDelivered('Ada', 'No, we share one. Try "Restart" and keep writing.')
    await seesSockets(1)
    stepsBack()
  },
}

/** All sockets are destroyed; the connection notices at once and is back before anybody minds. */
export const Cut: Story = {
  args: { minDelayMs: 200 },
  async play({ canvas }) {
    const { presses, says, seesDelivered, seesInDiary, seesSockets, seesStatus } = chatSteps(canvas)
    await seesStatus('Open')
    await presses('Cut')
    await seesInDiary(/^Ended by the network/)
    await seesInDiary('Open again')
    await seesStatus('Open')
    await says('Ada', 'Was that you?')
    await seesDelivered('Lin', 'Was that you?')
    await seesSockets(1)
  },
}

/** The server is away for a while; what is written meanwhile waits and arrives once, in order. */
export const Restart: Story = {
  args: { minDelayMs: 500, maxDelayMs: 1000, maxAttempts: 50 },
  async play({ canvas }) {
    const steps = chatSteps(canvas)
    await steps.seesStatus('Open')
    await steps.presses('Restart')
    await steps.seesStatus('Reconnecting')
    await steps.says('Ada', 'Are you there?')
    await steps.says('Lin', 'I am. Only the server is not.')
    await steps.seesWaiting('Ada', 'Are you there?')
    await steps.seesQueued(2)
    await steps.seesStatus('Open')
    await steps.seesDelivered('Lin', 'Are you there?')
    await steps.seesDelivered('Ada', 'I am. Only the server is not.')
    await steps.seesQueued(0)
    const messages = canvas.getByRole('log', { name: 'Messages seen by Ada' })
    await expect(messages).toHaveTextContent(/there\?.*is not/)
  },
}

/** The server hangs, which no socket can see; the heartbeat notices, and nothing said is lost. */
export const Mute: Story = {
  args: { heartbeatIntervalMs: 300, heartbeatTimeoutMs: 300, minDelayMs: 200, maxDelayMs: 500 },
  async play({ canvas }) {
    const { presses, says, seesDelivered, seesInDiary, seesStatus } = chatSteps(canvas)
    await seesStatus('Open')
    await presses('Mute')
    await says('Lin', 'Can anybody hear me?')
    await seesStatus('Reconnecting')
    await seesInDiary(/^Given up/)
    await presses('Unmute')
    await seesStatus('Open')
    await seesDelivered('Ada', 'Can anybody hear me?')
  },
}

/** After the last attempt the connection says why it failed, and waits for the visitor. */
export const Failed: Story = {
  args: { minDelayMs: 100, maxAttempts: 2 },
  async play({ canvas }) {
    const { presses, seesStatus } = chatSteps(canvas)
    await seesStatus('Open')
    await presses('Restart')
    await seesStatus('Failed')
    await expect(canvas.getByRole('button', { name: 'Try again' })).toBeVisible()
  },
}

function toOptions(args: ChatArgs): ConnectionOptions {
  const { minDelayMs, maxDelayMs, maxAttempts, maxMessages, connectTimeoutMs } = args
  return {
    heartbeat: { intervalMs: args.heartbeatIntervalMs, timeoutMs: args.heartbeatTimeoutMs },
    reconnect: { minDelayMs, maxDelayMs, maxAttempts },
    queue: { maxMessages, overflow: 'drop-newest' },
    connectTimeoutMs,
  }
}

function milliseconds(name: string, description: string, max: number) {
  return { name, description, control: { type: 'range', min: 100, max, step: 100 } } as const
}

function amount(name: string, description: string, max: number) {
  return { name, description, control: { type: 'range', min: 0, max, step: 1 } } as const
}
