import type { RenderPlan, Schedule } from './connection'
import type { Environment } from './environment'
import { guard } from './guard'
import { createTimer } from './timer'

/** Decides when what messages have changed is rendered. One for all readers of a connection. */
export interface RenderScheduler {
  /** A message has come in. */
  noteMessage(): void
  plan(render: () => void, readSchedule: () => Schedule): RenderPlan
}

/** Messages closer together than this make a connection busy. */
const quietMs = 4

export function createRenderScheduler(environment: Environment): RenderScheduler {
  const waiting = new Set<() => void>()
  let cancelFrame: (() => void) | undefined
  let lastAt = -Infinity
  let isBusy = false

  /** All who wait render in the same frame, so React does it in one go. */
  function renderFrame(): void {
    cancelFrame = undefined
    lastAt = environment.now()
    const due = Array.from(waiting)
    waiting.clear()
    for (const render of due) guard(environment, render)
  }

  return {
    noteMessage() {
      const at = environment.now()
      isBusy = at - lastAt < quietMs
      lastAt = at
    },
    plan(render, readSchedule) {
      const timer = createTimer(environment)
      let isSet = false
      let lastRenderAt = -Infinity

      function renderNow(): void {
        forget()
        lastRenderAt = environment.now()
        render()
      }

      function forget(): void {
        timer.stop()
        isSet = false
        waiting.delete(renderNow)
      }

      function waitForFrame(): void {
        waiting.add(renderNow)
        cancelFrame ??= environment.setFrame(renderFrame)
      }

      function waitUntil(at: number): void {
        if (!isSet) timer.set(at, renderNow)
        isSet = true
      }

      return {
        request(schedule = readSchedule()) {
          if (typeof schedule === 'number') {
            const at = environment.now()
            const dueAt = lastRenderAt + schedule
            // Never longer than the interval, also if the clock was set back.
            if (dueAt > at) waitUntil(Math.min(dueAt, at + schedule))
            else renderNow()
          } else if (schedule === 'frame' || (schedule === 'auto' && isBusy)) waitForFrame()
          else renderNow()
        },
        cancel() {
          forget()
          if (waiting.size) return
          cancelFrame?.()
          cancelFrame = undefined
        },
      }
    },
  }
}
