import type { CloseInfo, OpenInfo } from 'wirehook'

/** What the page has seen, for a test to look at from outside. */
export interface DemoLog {
  /**
   * What happened to the page, its components and native sockets, in order, such as `mounted`,
   * `offline`, `pageshow persisted` or `socket 1 closed 1006`.
   */
  readonly events: string[]
  /** Every status shown, in turn, such as `open` or `reconnecting (offline)`. */
  readonly statuses: string[]
  readonly opens: OpenInfo[]
  /** What `onMessage` was called with. */
  readonly messages: unknown[]
  readonly closes: CloseInfo[]
  /** Codes of the errors told. */
  readonly errors: string[]
  /** Commits of each component since it was first mounted. */
  readonly renders: Record<string, number>
}

/** What a test can do in the page. */
export interface Demo extends DemoLog {
  /** Every native socket made, oldest first. */
  readonly sockets: WebSocket[]
  mount(): void
  unmount(): void
  sendJSON(value: unknown): void
  reconnect(): void
  close(code?: number, reason?: string): void
}

declare global {
  interface Window {
    demo: Demo
  }
}

export function createDemoLog(): DemoLog {
  return {
    events: [],
    statuses: [],
    opens: [],
    messages: [],
    closes: [],
    errors: [],
    renders: {},
  }
}
