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

export function createRenderScheduler(environment: Environment): RenderScheduler {
  const waiting = new Set<() => void>()
  let cancelFrame: (() => void) | undefined
  let isBusy = false

  /** All who wait render in the same frame, so React does it in one go. */
  function renderFrame(): void {
    const due = Array.from(waiting)
    cancelFrame = undefined
    // As long as every frame brings something, there is a next one to wait for.
    if (due.length) awaitFrame()
    for (const render of due) if (waiting.has(render)) guard(environment, render)
  }

  /** In a microtask: a render at once has its turn before, for asking takes longer than that. */
  function awaitFrame(): void {
    if (cancelFrame) return
    const cancelAsking = (): void => {}
    cancelFrame = cancelAsking
    void Promise.resolve().then(() => {
      if (cancelFrame === cancelAsking) cancelFrame = environment.setFrame(renderFrame)
    })
  }

  return {
    noteMessage() {
      isBusy = !!cancelFrame
    },
    plan(render, readSchedule) {
      const timer = createTimer(environment)
      let dueAt = Infinity
      let lastRenderAt = -Infinity

      function renderNow(): void {
        forget()
        lastRenderAt = environment.now()
        render()
      }

      function forget(): void {
        timer.stop()
        dueAt = Infinity
        waiting.delete(renderNow)
      }

      function waitUntil(at: number): void {
        if (at >= dueAt) return
        dueAt = at
        timer.set(at, renderNow)
      }

      return {
        request(schedule = readSchedule()) {
          if (typeof schedule === 'number') {
            const at = environment.now()
            const nextAt = lastRenderAt + schedule
            // Never longer than the interval, also if the clock was set back.
            if (nextAt > at) waitUntil(Math.min(nextAt, at + schedule))
            else renderNow()
          } else if (schedule === 'sync') renderNow()
          else {
            if (schedule === 'frame' || isBusy) waiting.add(renderNow)
            else renderNow()
            // Also after rendering at once: whatever comes before the next frame waits for it.
            awaitFrame()
          }
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
