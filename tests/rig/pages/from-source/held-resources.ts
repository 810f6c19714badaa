/** What a page holds that garbage collection does not take. To be imported before anything else. */
export interface HeldResources {
  /** Timers and frames that have been asked for and neither fired nor been cancelled. */
  readonly timers: number
}

const timers = new Set<string>()

type Start = (callback: () => void, delayMs?: number) => number
type Stop = (id: number) => void

/** Keeps book of what is started by one function, ends by itself or is stopped by another. */
function keepBook(start: 'setTimeout' | 'requestAnimationFrame', stop: keyof Window): void {
  const startNatively = (window[start] as Start).bind(window)
  const stopNatively = (window[stop] as Stop).bind(window)
  const startRecorded: Start = (callback, delayMs) => {
    const id = startNatively(() => {
      timers.delete(`${start} ${id}`)
      callback()
    }, delayMs)
    timers.add(`${start} ${id}`)
    return id
  }
  const stopRecorded: Stop = (id) => {
    timers.delete(`${start} ${id}`)
    stopNatively(id)
  }
  Object.assign(window, { [start]: startRecorded, [stop]: stopRecorded })
}

keepBook('setTimeout', 'clearTimeout')
keepBook('requestAnimationFrame', 'cancelAnimationFrame')

export const heldResources: HeldResources = {
  get timers() {
    return timers.size
  },
}
