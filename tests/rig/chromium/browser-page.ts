import { createDocumentWaits, loadTimeoutMs } from '../document-waits'
import type { DevTools } from './devtools'
import { describeException, describeProblem, type ExceptionDetails } from './page-problems'

/** A tab, driven from outside. */
export interface BrowserPage {
  /** Errors and warnings so far: uncaught, rejected without a handler, or in the console. */
  readonly problems: readonly string[]
  /** Why the last `goBack` made a new document instead of restoring the old one. */
  readonly reasonsNotRestored: readonly string[]
  /** Value of a JavaScript expression; a promise is awaited. It has to survive JSON. */
  evaluate<Result = unknown>(expression: string): Promise<Result>
  /** Resolves once the expression is truthy, also if that is in another document. */
  waitFor(expression: string, timeoutMs?: number): Promise<void>
  /** Resolves once the new document has loaded; so do `reload` and `goBack`. */
  navigate(url: string): Promise<void>
  reload(): Promise<void>
  /** Goes back one entry of the history. */
  goBack(): Promise<void>
  /** Stops all tasks of the page, as the browser does to tabs in the background. */
  freeze(): Promise<void>
  resume(): Promise<void>
  /** Takes the network from the page: open sockets stall, new ones fail. */
  setOffline(isOffline: boolean): Promise<void>
  /** Makes the processor that many times slower for it. */
  slowDown(times: number): Promise<void>
  /** Ends its process, as running out of memory does. */
  crash(): Promise<void>
  /** Loads its address again after a crash. */
  reopen(): Promise<void>
  /** Puts another tab in front of it. */
  hide(): Promise<void>
  /** Puts it in front again. */
  show(): Promise<void>
  /** Carries out any other command of the DevTools protocol. */
  command<Result>(method: string, parameters?: object): Promise<Result>
  /** Closes the tab and its window. Calling it again does nothing. */
  close(): Promise<void>
}

interface Evaluation {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: ExceptionDetails
}

interface History {
  readonly currentIndex: number
  readonly entries: readonly { readonly id: number }[]
}

interface CacheRefusal {
  readonly notRestoredExplanations: readonly { readonly reason: string }[]
}

export async function openPage(devTools: DevTools, url: string): Promise<BrowserPage> {
  const { browserContextId } = await devTools.send<{ browserContextId: string }>(
    'Target.createBrowserContext',
  )
  const createTab = (): Promise<{ targetId: string }> =>
    devTools.send('Target.createTarget', { url: 'about:blank', browserContextId })
  const { targetId } = await createTab()
  const { sessionId } = await devTools.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  })
  const problems: string[] = []
  const reasonsNotRestored: string[] = []
  let coverTargetId: string | undefined
  let closed: Promise<void> | undefined
  let onCrash = (): void => {}

  function send<Result>(method: string, parameters?: object): Promise<Result> {
    return devTools.send<Result>(method, parameters, sessionId)
  }

  async function evaluate<Result>(expression: string): Promise<Result> {
    const { result, exceptionDetails } = await send<Evaluation>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(`${expression}: ${describeException(exceptionDetails)}`)
    return result.value as Result
  }

  const { waitFor, leave } = createDocumentWaits(evaluate)

  devTools.onEvent(sessionId, (method, parameters) => {
    const problem = describeProblem(method, parameters)
    if (problem !== undefined) problems.push(problem)
    if (method === 'Inspector.targetCrashed') onCrash()
    if (method === 'Page.backForwardCacheNotUsed') {
      const { notRestoredExplanations } = parameters as CacheRefusal
      reasonsNotRestored.push(...notRestoredExplanations.map(({ reason }) => reason))
    }
  })
  const domains = ['Page', 'Runtime', 'Log', 'Network', 'Inspector']
  await Promise.all(domains.map((domain) => send(`${domain}.enable`)))
  await leave(() => send('Page.navigate', { url }))

  return {
    problems,
    reasonsNotRestored,
    evaluate,
    waitFor,
    navigate: (address) => leave(() => send('Page.navigate', { url: address })),
    reload: () => leave(() => send('Page.reload')),
    async goBack() {
      const { currentIndex, entries } = await send<History>('Page.getNavigationHistory')
      reasonsNotRestored.length = 0
      await leave(() =>
        send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]?.id }),
      )
    },
    freeze: () => send('Page.setWebLifecycleState', { state: 'frozen' }),
    resume: () => send('Page.setWebLifecycleState', { state: 'active' }),
    setOffline: (offline) =>
      send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      }),
    slowDown: (rate) => send('Emulation.setCPUThrottlingRate', { rate }),
    async crash() {
      const crashed = new Promise<void>((resolve) => {
        onCrash = resolve
      })
      // A page that has crashed answers nothing, so it is not asked to finish.
      send('Page.crash').catch(() => {})
      await crashed
    },
    async reopen() {
      await send('Page.reload')
      await waitFor(`document.readyState === 'complete'`, loadTimeoutMs)
    },
    async hide() {
      coverTargetId ??= (await createTab()).targetId
      await devTools.send('Target.activateTarget', { targetId: coverTargetId })
      await waitFor('document.hidden')
    },
    async show() {
      await devTools.send('Target.activateTarget', { targetId })
      await waitFor('!document.hidden')
    },
    command: send,
    close: () => (closed ??= devTools.send('Target.disposeBrowserContext', { browserContextId })),
  }
}
