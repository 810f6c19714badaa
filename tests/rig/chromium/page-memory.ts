import type { BrowserPage } from './browser-page'

/** What a page holds after its garbage was collected. */
export interface HeldByPage {
  readonly heapBytes: number
  /** Listeners on the window and the document. */
  readonly pageListeners: number
  /** Listeners on anything, handlers included. */
  readonly listeners: number
  /** WebSocket objects, in whatever state. */
  readonly sockets: number
}

interface RemoteObject {
  readonly objectId: string
}

/** Some objects are only let go of in the collection after the one that found them. */
const collections = 4

export async function measureMemory(page: BrowserPage): Promise<HeldByPage> {
  for (let done = 0; done < collections; done += 1) {
    await page.command('HeapProfiler.collectGarbage')
  }
  const { usedSize } = await page.command<{ usedSize: number }>('Runtime.getHeapUsage')
  const { jsEventListeners } = await page.command<{ jsEventListeners: number }>(
    'Memory.getDOMCounters',
  )
  return {
    heapBytes: usedSize,
    listeners: jsEventListeners,
    pageListeners:
      (await countListeners(page, 'window')) + (await countListeners(page, 'document')),
    sockets: await countInstances(page, 'WebSocket'),
  }
}

const objectGroup = 'measured'

async function find(page: BrowserPage, expression: string): Promise<RemoteObject> {
  const { result } = await page.command<{ result: RemoteObject }>('Runtime.evaluate', {
    expression,
    objectGroup,
  })
  return result
}

async function countListeners(page: BrowserPage, target: string): Promise<number> {
  const { objectId } = await find(page, target)
  const { listeners } = await page.command<{ listeners: readonly unknown[] }>(
    'DOMDebugger.getEventListeners',
    { objectId },
  )
  await page.command('Runtime.releaseObjectGroup', { objectGroup })
  return listeners.length
}

async function countInstances(page: BrowserPage, className: string): Promise<number> {
  const { objectId } = await find(page, `${className}.prototype`)
  const { objects } = await page.command<{ objects: RemoteObject }>('Runtime.queryObjects', {
    prototypeObjectId: objectId,
    objectGroup,
  })
  const { result } = await page.command<{ result: { value: number } }>('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length }',
    objectId: objects.objectId,
  })
  await page.command('Runtime.releaseObjectGroup', { objectGroup })
  return result.value
}
