/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useId, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { DemoCard, DemoPage } from '../demo/demo-page'
import { createRoomUrl } from '../network/demo-server'
import { MainThread } from './main-thread'
import { createMeter } from './meter'
import { TutorialReadings, WirehookReadings } from './readings'
import { hooks, Reports, type HookName } from './reports'
import './messages.css'

interface ThroughputArgs {
  hook: HookName
  perSecond: number
}

function Throughput({ hook: firstHook, perSecond: firstRate }: ThroughputArgs) {
  const groupName = useId()
  const [url] = useState(() => createRoomUrl('stream'))
  const [{ hook, meter }, setRun] = useState(() => ({ hook: firstHook, meter: createMeter() }))
  const [perSecond, setPerSecond] = useState(firstRate)
  const Readings = hook === 'tutorial' ? TutorialReadings : WirehookReadings
  return (
    <DemoPage
      title="Many messages"
      lead="Turn the rate up, switch between the two hooks, and watch renders, frames and the ball."
    >
      <DemoCard title="Stream">
        <div className="demo-columns">
          <RateSlider value={perSecond} onChange={setPerSecond} />
          <fieldset className="hooks">
            <legend>Read by</legend>
            {(Object.keys(hooks) as HookName[]).map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name={groupName}
                  checked={name === hook}
                  onChange={() => setRun({ hook: name, meter: createMeter() })}
                />
                {hooks[name]}
              </label>
            ))}
          </fieldset>
        </div>
        <Readings url={url} perSecond={perSecond} meter={meter} />
      </DemoCard>
      <div className="demo-columns">
        <Reports hook={hook} meter={meter} />
        <MainThread meter={meter} />
      </div>
    </DemoPage>
  )
}

interface RateSliderProps {
  readonly value: number
  readonly onChange: (value: number) => void
}

function RateSlider({ value, onChange }: RateSliderProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="rate">
        Messages a second <output htmlFor={id}>{value.toLocaleString('en')}</output>
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={5000}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  )
}

/**
 * The same view of the same stream, once with the hook of most tutorials, which puts each message into
 * state and keeps it, and once with `useMessages`, which takes each message in, keeps the last ones and
 * renders at most once a frame. Neither misses any. A page that has time renders for each message with
 * the first; a busy one does so when it gets to it. All figures are counted in this page: they are those
 * of your machine, and of React's development build.
 */
const meta = {
  title: 'Messages/Throughput',
  component: Throughput,
  tags: ['autodocs'],
  args: { hook: 'wirehook', perSecond: 500 },
  argTypes: {
    hook: {
      description: 'Which hook reads at first',
      control: 'inline-radio',
      options: Object.keys(hooks),
    },
    perSecond: {
      description: 'Messages in a second, at first',
      control: { type: 'range', min: 1, max: 5000 },
    },
  },
  render: (args) => <Throughput key={JSON.stringify(args)} {...args} />,
} satisfies Meta<typeof Throughput>
export default meta

/** Both hooks get every message. What they do for it is in the table. */
export const TwoHooks: StoryObj<typeof meta> = {
  args: { hook: 'tutorial', perSecond: 2000 },
  async play({ canvas }) {
    const [tutorial, wirehook] = [0, 1]
    const read = (row: string, column: number): number => {
      const cells = within(canvas.getByRole('row', { name: new RegExp(`^${row}`) }))
      return Number(cells.getAllByRole('cell')[column]?.textContent.replaceAll(',', ''))
    }
    const seesMessages = async (column: number): Promise<void> => {
      const isEnough = async () => expect(read('Messages in all', column)).toBeGreaterThan(3000)
      await waitFor(isEnough, { timeout: 10_000 })
      await expect(read('Messages missed', column)).toBe(0)
    }

    await seesMessages(tutorial)
    await expect(read('Messages kept', tutorial)).toBeGreaterThan(120)
    await userEvent.click(canvas.getByRole('radio', { name: 'wirehook' }))
    await seesMessages(wirehook)
    await expect(read('Messages kept', wirehook)).toBe(120)
    await expect(read('Renders in all', wirehook)).toBeLessThan(
      read('Messages in all', wirehook) / 4,
    )
  },
}
