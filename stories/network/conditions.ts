/** What the network of the demos is like. */
export interface Conditions {
  /** How long each frame takes, in milliseconds. */
  readonly latencyMs: number
  /** Up to how much longer, differently for each frame; frames keep their order. */
  readonly jitterMs: number
  /** How many of a hundred frames get lost, in both directions. */
  readonly lossPercent: number
  /** No network at all, and the browser knows. What is open goes silent, and nothing opens. */
  readonly isOffline: boolean
  /** Links look fine, and carry nothing: half open. */
  readonly isMuted: boolean
}

export const goodConditions: Conditions = {
  latencyMs: 0,
  jitterMs: 0,
  lossPercent: 0,
  isOffline: false,
  isMuted: false,
}

let conditions = goodConditions
const closers = new Set<(code: number) => void>()

/** The network between the demos and their server. */
export const network = {
  get: (): Conditions => conditions,

  set(change: Partial<Conditions>): void {
    const before = conditions
    conditions = { ...before, ...change }
    if (conditions.isOffline !== before.isOffline) tellBrowser(conditions.isOffline)
  },

  /** Ends every socket of the demos with this close code, as their server would. */
  closeAll(code: number): void {
    Array.from(closers).forEach((close) => close(code))
  },

  /** @returns what to call when there is nothing to close any more */
  onCloseAll(close: (code: number) => void): () => void {
    closers.add(close)
    return () => void closers.delete(close)
  },
}

function tellBrowser(isOffline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !isOffline })
  window.dispatchEvent(new Event(isOffline ? 'offline' : 'online'))
}
