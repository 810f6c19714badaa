/** What happened in a second, and since the beginning. */
export interface Report {
  readonly messagesPerSecond: number
  readonly rendersPerSecond: number
  readonly framesPerSecond: number
  readonly longestFrameMs: number
  readonly messages: number
  readonly missed: number
  readonly renders: number
  /** Messages in memory at the last render. */
  readonly kept: number
}

/** Counts where things happen. Nothing renders for it: whoever wants to show it asks now and then. */
export interface Meter {
  takeMessage(number: number): void
  takeRender(kept: number): void
  takeFrame(lengthMs: number): void
  report(): Report
}

export function createMeter(): Meter {
  const total = { messages: 0, missed: 0, renders: 0, frames: 0 }
  let before = { ...total }
  let reportedAt = performance.now()
  let longestFrameMs = 0
  let lastNumber = 0
  let kept = 0

  return {
    takeMessage(number) {
      total.messages += 1
      // The numbers of a new socket start at 1 again.
      if (number > lastNumber) total.missed += number - lastNumber - 1
      lastNumber = number
    },
    takeRender(nowKept) {
      total.renders += 1
      kept = nowKept
    },
    takeFrame(lengthMs) {
      total.frames += 1
      longestFrameMs = Math.max(longestFrameMs, lengthMs)
    },
    report() {
      const now = performance.now()
      const seconds = (now - reportedAt) / 1000
      const report = {
        messagesPerSecond: (total.messages - before.messages) / seconds,
        rendersPerSecond: (total.renders - before.renders) / seconds,
        framesPerSecond: (total.frames - before.frames) / seconds,
        longestFrameMs,
        messages: total.messages,
        missed: total.missed,
        renders: total.renders,
        kept,
      }
      before = { ...total }
      reportedAt = now
      longestFrameMs = 0
      return report
    },
  }
}
