import { useEffect, useState } from 'react'
import { DemoCard } from '../demo/demo-page'
import type { Meter, Report } from './meter'

export const hooks = { tutorial: 'Tutorial', wirehook: 'wirehook' } as const

export type HookName = keyof typeof hooks

const rows: Readonly<Record<keyof Report, string>> = {
  messagesPerSecond: 'Messages/s',
  rendersPerSecond: 'Renders/s',
  framesPerSecond: 'Frames/s',
  longestFrameMs: 'Longest frame, ms',
  messages: 'Messages in all',
  missed: 'Messages missed',
  renders: 'Renders in all',
  kept: 'Messages kept',
}

interface Measured {
  readonly meter: Meter
  readonly report: Report
}

/** What the meter of the hook in use says, once a second, and what that of the other one said last. */
export function Reports({ hook, meter }: { readonly hook: HookName; readonly meter: Meter }) {
  const [reports, setReports] = useState<Partial<Record<HookName, Measured>>>({})

  useEffect(() => {
    const timer = setInterval(() => {
      const report = meter.report()
      setReports((before) => ({ ...before, [hook]: { meter, report } }))
    }, 1000)
    return () => clearInterval(timer)
  }, [hook, meter])

  /** A hook that has just been chosen has no figures yet. */
  function read(name: HookName, row: keyof Report): number | undefined {
    const measured = reports[name]
    return name === hook && measured?.meter !== meter ? undefined : measured?.report[row]
  }

  return (
    <DemoCard title="Measured in this page">
      <table className="reports">
        <thead>
          <tr>
            <td />
            {Object.entries(hooks).map(([name, title]) => (
              <th key={name} scope="col" data-number data-active={name === hook || undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(Object.keys(rows) as (keyof Report)[]).map((row) => (
            <tr key={row}>
              <th scope="row">{rows[row]}</th>
              <ReportCell value={read('tutorial', row)} />
              <ReportCell value={read('wirehook', row)} />
            </tr>
          ))}
        </tbody>
      </table>
    </DemoCard>
  )
}

function ReportCell({ value }: { readonly value: number | undefined }) {
  return <td data-number>{value === undefined ? '–' : Math.round(value).toLocaleString('en')}</td>
}
