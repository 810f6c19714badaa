/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useId, useRef, useState } from 'react'
import { expect, waitFor } from 'storybook/test'
import {
  createConnection,
  useMessage,
  useMessageReducer,
  useWebSocket,
  type Connection,
} from 'wirehook'
import { DemoCard, DemoFacts, DemoPage } from '../demo/demo-page'
import { readFact } from '../connection/read-fact'
import { createRoomUrl } from '../network/demo-server'
import { drawWave } from './draw-wave'
import './messages.css'

interface BinaryArgs {
  perSecond: number
}

type Scope = Connection<ArrayBuffer, never>

function Binary({ perSecond }: BinaryArgs) {
  const [scope] = useState(() => createConnection<ArrayBuffer, never>(createRoomUrl('wave')))
  return (
    <DemoPage
      title="Bytes"
      lead="A wave of 256 samples, 1,024 bytes a frame. What you set is sent as three bytes."
    >
      <DemoCard title="Wave">
        <Wave scope={scope} />
        <WaveFacts scope={scope} />
        <WaveControls scope={scope} perSecond={perSecond} />
      </DemoCard>
    </DemoPage>
  )
}

interface ScopeProps {
  readonly scope: Scope
}

function Wave({ scope }: ScopeProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useMessage((frame) => canvas.current && drawWave(canvas.current, new Float32Array(frame)), {
    source: scope,
  })
  return (
    <canvas
      ref={canvas}
      className="wave"
      role="img"
      aria-label="The wave, as the figures below say"
    />
  )
}

interface Seen {
  readonly frames: number
  readonly peak: number
  readonly periods: number
}

function see({ frames }: Seen, frame: ArrayBuffer): Seen {
  const samples = new Float32Array(frame)
  const rises = samples.filter((sample, index) => sample >= 0 && Number(samples.at(index - 1)) < 0)
  return { frames: frames + 1, peak: Math.max(...samples), periods: rises.length }
}

function WaveFacts({ scope }: ScopeProps) {
  const { frames, peak, periods } = useMessageReducer(
    see,
    { frames: 0, peak: 0, periods: 0 },
    { source: scope, schedule: 500 },
  )
  return <DemoFacts facts={{ Periods: periods, Peak: peak.toFixed(2), Frames: frames }} />
}

function WaveControls({ scope, perSecond }: ScopeProps & BinaryArgs) {
  const { send } = useWebSocket(scope)
  const [periods, setPeriods] = useState(3)
  const [loudness, setLoudness] = useState(80)

  useEffect(() => {
    const { matches: isStill } = matchMedia('(prefers-reduced-motion: reduce)')
    send(Uint8Array.of(periods, loudness, isStill ? 0 : perSecond))
  }, [send, periods, loudness, perSecond])

  return (
    <div className="demo-columns">
      <Slider name="Periods" max={12} value={periods} onChange={setPeriods} />
      <Slider name="Loudness" max={100} value={loudness} onChange={setLoudness} />
    </div>
  )
}

interface SliderProps {
  readonly name: string
  readonly max: number
  readonly value: number
  readonly onChange: (value: number) => void
}

function Slider({ name, max, value, onChange }: SliderProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="rate">
        {`Set ${name.toLowerCase()}`} <output htmlFor={id}>{value}</output>
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={max}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  )
}

/**
 * Binary frames arrive as an `ArrayBuffer`. A listener draws each of them, and no component renders for
 * it; what is said in words is folded from the same frames and renders twice a second.
 */
const meta = {
  title: 'Messages/Binary',
  component: Binary,
  tags: ['autodocs'],
  args: { perSecond: 30 },
  argTypes: {
    perSecond: { description: 'Frames in a second', control: { type: 'range', min: 0, max: 60 } },
  },
} satisfies Meta<typeof Binary>
export default meta

/** The figures come from the bytes that arrived, and so does the drawing. */
export const Waveform: StoryObj<typeof meta> = {
  async play({ canvas }) {
    const patience = { timeout: 8000 }
    await waitFor(() => expect(readFact(canvas, 'Periods')).toHaveTextContent('3'), patience)
    await expect(readFact(canvas, 'Peak')).toHaveTextContent('0.80')
    const drawing = canvas.getByRole<HTMLCanvasElement>('img')
    const { data } =
      drawing.getContext('2d')?.getImageData(0, 0, drawing.width, drawing.height) ?? {}
    await expect(data?.some((part) => part > 0)).toBe(true)
  },
}
