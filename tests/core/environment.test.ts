import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserEnvironment } from '../../src/core/environment'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('importing the package (R11)', () => {
  it.each(['index', 'core'])('%s touches no global, in Node', (entry) => {
    const { outputFiles } = buildSync({
      entryPoints: [fileURLToPath(new URL(`../../src/${entry}.ts`, import.meta.url))],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      external: ['react'],
    })
    const guarded = [
      'WebSocket',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'navigator',
      'document',
      'window',
      'location',
      'addEventListener',
      'fetch',
      'crypto',
      'performance',
    ]
    const script = `
      const touched = []
      require('react')
      for (const name of ${JSON.stringify(guarded)}) {
        Object.defineProperty(globalThis, name, { get() { touched.push(name) }, configurable: true })
      }
      Math.random = () => touched.push('Math.random')
      Date.now = () => touched.push('Date.now')
      const before = Object.getOwnPropertyNames(globalThis).length
      new Function('module', 'exports', 'require', ${JSON.stringify(outputFiles[0]?.text)})(
        { exports: {} }, {}, require,
      )
      if (Object.getOwnPropertyNames(globalThis).length !== before) touched.push('a new global')
      process.stdout.write(JSON.stringify(touched))
    `
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout).toBe('[]')
  })
})

describe('outside of a browser', () => {
  it('is online, visible and without an address', () => {
    vi.stubGlobal('navigator', undefined)
    expect(browserEnvironment.isOnline()).toBe(true)
    expect(browserEnvironment.isHidden()).toBe(false)
    expect(browserEnvironment.baseUrl()).toBeUndefined()
  })

  it('watches nothing', () => {
    const unwatch = browserEnvironment.watchPage(() => {})
    expect(unwatch).not.toThrow()
  })

  it('watches nothing in React Native, whose window has no addEventListener', () => {
    vi.stubGlobal('addEventListener', undefined)
    vi.stubGlobal('document', undefined)
    expect(browserEnvironment.watchPage(() => {})).not.toThrow()
  })
})

describe('sockets', () => {
  it('come from the WebSocket there is when one is made', () => {
    const FakeWebSocket = vi.fn(function construct() {})
    vi.stubGlobal('WebSocket', FakeWebSocket)
    const socket = browserEnvironment.createSocket('wss://a.example/', ['chat'])
    expect(socket).toBeInstanceOf(FakeWebSocket)
    expect(FakeWebSocket.mock.calls).toEqual([['wss://a.example/', ['chat']]])
  })
})

describe('time and chance', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  it('come from the platform', () => {
    vi.setSystemTime(1_234_567)
    expect(browserEnvironment.now()).toBe(1_234_567)
    const random = browserEnvironment.random()
    expect(random >= 0 && random < 1).toBe(true)
  })

  it('a timer fires once after its delay', () => {
    const callback = vi.fn()
    browserEnvironment.setTimer(callback, 100)
    vi.advanceTimersByTime(99)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('a timer can be cancelled', () => {
    const callback = vi.fn()
    browserEnvironment.setTimer(callback, 100)()
    vi.advanceTimersByTime(1000)
    expect(callback).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])(
    'a timer of %d ms does not fire at once, as setTimeout would',
    (delayMs) => {
      const setTimeout = vi.spyOn(globalThis, 'setTimeout')
      browserEnvironment.setTimer(() => {}, delayMs)
      expect(setTimeout.mock.calls[0]?.[1]).toBe(2 ** 31 - 1)
    },
  )

  it('an error is reported as an uncaught one, and stops nobody', () => {
    const error = new Error('listener')
    browserEnvironment.reportError(error)
    expect(() => vi.advanceTimersByTime(10)).toThrow(error)
  })
})

describe('a frame', () => {
  const callback = vi.fn()
  let frames: Map<number, () => void>

  function drawFrame(): void {
    const due = [...frames.values()]
    frames.clear()
    due.forEach((draw) => draw())
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    callback.mockClear()
    frames = new Map()
    let count = 0
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => {
      count += 1
      frames.set(count, draw)
      return count
    })
    vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame))
    vi.stubGlobal('document', { hidden: false })
  })

  it('comes once, when the page draws its next one', () => {
    browserEnvironment.setFrame(callback)
    vi.advanceTimersByTime(50)
    expect(callback).not.toHaveBeenCalled()
    drawFrame()
    expect(callback).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(5000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('comes after a second if the page stops drawing', () => {
    browserEnvironment.setFrame(callback)
    vi.advanceTimersByTime(999)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledTimes(1)
    expect(frames.size).toBe(0)
  })

  it.each([
    ['is hidden', () => vi.stubGlobal('document', { hidden: true })],
    ['draws nothing', () => Reflect.deleteProperty(globalThis, 'requestAnimationFrame')],
  ])('comes after 16 ms where the page %s', (_, arrange) => {
    arrange()
    browserEnvironment.setFrame(callback)
    expect(frames.size).toBe(0)
    vi.advanceTimersByTime(15)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('is drawn where there is no document, as in React Native', () => {
    vi.stubGlobal('document', undefined)
    browserEnvironment.setFrame(callback)
    drawFrame()
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it.each([false, true])('leaves nothing when it is cancelled (hidden: %s)', (hidden) => {
    vi.stubGlobal('document', { hidden })
    const cancel = browserEnvironment.setFrame(callback)
    cancel()
    cancel()
    expect([frames.size, vi.getTimerCount()]).toEqual([0, 0])
    vi.advanceTimersByTime(5000)
    expect(callback).not.toHaveBeenCalled()
  })
})

describe('a page', () => {
  let told: string[]
  let page: EventTarget
  let document: EventTarget & { hidden: boolean }
  let signals: (AbortSignal | undefined)[]

  function recordSignals(target: EventTarget): EventTarget['addEventListener'] {
    return (type, listener, options) => {
      signals.push(typeof options === 'object' ? options.signal : undefined)
      EventTarget.prototype.addEventListener.call(target, type, listener, options)
    }
  }

  beforeEach(() => {
    told = []
    signals = []
    page = new EventTarget()
    document = Object.assign(new EventTarget(), { hidden: false })
    document.addEventListener = recordSignals(document)
    vi.stubGlobal('addEventListener', recordSignals(page))
    vi.stubGlobal('document', document)
  })

  function tell(target: EventTarget, type: string, details: object = {}): void {
    target.dispatchEvent(Object.assign(new Event(type), details))
  }

  function watch(): () => void {
    return browserEnvironment.watchPage((event) => told.push(event))
  }

  it('tells that the network went and came back', () => {
    watch()
    tell(page, 'offline')
    tell(page, 'online')
    expect(told).toEqual(['network-lost', 'woken'])
  })

  it('tells when it can be seen again, not when it cannot', () => {
    watch()
    document.hidden = true
    tell(document, 'visibilitychange')
    expect(told).toEqual([])
    document.hidden = false
    tell(document, 'visibilitychange')
    expect(told).toEqual(['woken'])
  })

  it('tells when it resumes from a freeze', () => {
    watch()
    tell(document, 'resume')
    expect(told).toEqual(['woken'])
  })

  it('tells when it goes into the back/forward cache and comes back from it', () => {
    watch()
    tell(page, 'pagehide', { persisted: true })
    tell(page, 'pageshow', { persisted: true })
    expect(told).toEqual(['page-cached', 'woken'])
  })

  it('says nothing of a page that loads or goes for ever', () => {
    watch()
    tell(page, 'pageshow', { persisted: false })
    tell(page, 'pagehide', { persisted: false })
    expect(told).toEqual([])
  })

  it('is no longer watched afterwards', () => {
    const unwatch = watch()
    expect(signals.filter((signal) => signal?.aborted)).toEqual([])
    unwatch()
    expect(signals.length).toBeGreaterThan(0)
    expect(signals.filter((signal) => !signal?.aborted)).toEqual([])
    for (const type of ['offline', 'online', 'pagehide', 'pageshow']) {
      tell(page, type, { persisted: true })
    }
    for (const type of ['visibilitychange', 'resume']) tell(document, type)
    expect(told).toEqual([])
  })

  it('knows whether it is hidden, online, and where it is', () => {
    vi.stubGlobal('navigator', { onLine: false })
    vi.stubGlobal('location', { href: 'https://app.example/' })
    document.hidden = true
    expect(browserEnvironment.isHidden()).toBe(true)
    expect(browserEnvironment.isOnline()).toBe(false)
    expect(browserEnvironment.baseUrl()).toBe('https://app.example/')
  })
})
