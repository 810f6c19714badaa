import type { ConnectionOptions } from 'wirehook'

/** What a test wants of the demo page; travels in its address. */
export interface Configuration {
  /** WebSocket address to connect to. */
  readonly url: string
  /** Connection options that are plain data. */
  readonly options?: ConnectionOptions
}

export function readConfiguration(): Configuration {
  const text = new URLSearchParams(location.search).get('configuration')
  if (text === null) throw new Error('The address of this page has no configuration.')
  return JSON.parse(text) as Configuration
}
