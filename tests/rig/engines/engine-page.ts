import type { BrowserPage } from '../chromium/browser-page'
import { createDocumentWaits } from '../document-waits'

/** What a page can be made to do in every engine. */
export type EnginePage = Pick<
  BrowserPage,
  'evaluate' | 'waitFor' | 'navigate' | 'goBack' | 'setOffline' | 'close'
>

/** A browser other than Chromium. */
export interface Engine {
  /** Opens a page that shares neither cookies nor storage with others. */
  openPage(url: string, wish?: PageWish): Promise<EnginePage>
  /** Ends all processes. */
  close(): Promise<void>
}

export interface PageWish {
  /** Ports of this machine that the page needs, for a page that is to be taken offline. */
  readonly offlinePorts?: readonly number[] | undefined
}

/** What an engine does in its own way. `navigate` and `goBack` need not wait for the document. */
export interface PageControls {
  evaluate(expression: string): Promise<unknown>
  navigate(url: string): Promise<unknown>
  goBack(): Promise<unknown>
  setOffline(isOffline: boolean): Promise<unknown>
  close(): Promise<unknown>
}

/** How long a browser may take to tell its pages what has become of the network. */
const offlineTimeoutMs = 10_000

/** Opens the address in an empty page. */
export async function openEnginePage(controls: PageControls, url: string): Promise<EnginePage> {
  async function evaluate<Result>(expression: string): Promise<Result> {
    return (await controls.evaluate(expression)) as Result
  }

  const { waitFor, leave } = createDocumentWaits(evaluate)
  await leave(() => controls.navigate(url))
  return {
    evaluate,
    waitFor,
    navigate: (address) => leave(() => controls.navigate(address)),
    goBack: () => leave(() => controls.goBack()),
    async setOffline(isOffline) {
      await controls.setOffline(isOffline)
      await waitFor(`navigator.onLine === ${!isOffline}`, offlineTimeoutMs)
    },
    async close() {
      await controls.close()
    },
  }
}
