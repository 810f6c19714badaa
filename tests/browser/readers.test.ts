import { describe, expect, it } from 'vitest'
import { prepareBrowser } from '../rig/chromium/browser-rig'

const openLivePage = prepareBrowser()

/** Counts the frames that the page draws from now on. */
const countFrames = `{
  window.frames_drawn = 0
  const next = () => {
    window.frames_drawn += 1
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
}`

describe('readers of a busy connection', () => {
  it('render no more often than frames are drawn, and take in every message', async () => {
    const { server, page, read, gotMessages } = await openLivePage()
    const count = 5000
    const before = await read('renders')
    await page.evaluate(countFrames)
    for (let n = 1; n <= count; n += 1) server.broadcastJSON({ n })
    await gotMessages(count)
    const total = (count * (count + 1)) / 2
    await page.waitFor(`document.getElementById('total').textContent === '${total}'`)
    await page.waitFor(`document.getElementById('list').textContent === '${count}'`)
    const frames = await page.evaluate<number>('window.frames_drawn')
    const after = await read('renders')
    for (const id of ['list', 'total']) {
      // The first message of a burst is shown at once, before any frame.
      expect((after[id] ?? NaN) - (before[id] ?? NaN)).toBeLessThanOrEqual(frames + 2)
    }
    expect(after['latest']).toBe(before['latest'])
  })

  it('go on in a hidden page, which draws no frames', async () => {
    const { server, page, gotMessages } = await openLivePage()
    await page.hide()
    for (let n = 1; n <= 100; n += 1) server.broadcastJSON({ n })
    await gotMessages(100)
    await page.waitFor(`document.getElementById('total').textContent === '5050'`)
    expect(await page.evaluate('document.hidden')).toBe(true)
  })
})

describe('a hostile message', () => {
  it('with markup is shown as text and runs nothing', async () => {
    const { server, page } = await openLivePage()
    const text = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 2</script>'
    server.broadcastJSON({ type: 'news', text })
    await page.waitFor(`document.getElementById('latest').textContent === ${JSON.stringify(text)}`)
    expect(await page.evaluate(`document.querySelectorAll('img').length`)).toBe(0)
    expect(await page.evaluate('typeof window.hacked')).toBe('undefined')
  })

  it(
    'changes no prototype, and a lone surrogate is only an ugly character',
    { tags: ['fault-84', 'fault-85'] },
    async () => {
      const { server, page, read, gotMessages } = await openLivePage()
      server.broadcast(
        '{"type":"news","__proto__":{"hacked":1},"constructor":{"prototype":{"hacked":1}}}',
      )
      server.broadcast(String.raw`{"type":"news","text":"a\ud800b"}`)
      await gotMessages(2)
      await page.waitFor(`document.getElementById('latest').textContent.startsWith('a')`)
      expect(await page.evaluate('({}).hacked === undefined && [].hacked === undefined')).toBe(true)
      expect(await read('errors')).toEqual([])
    },
  )

  it('of a million nested arrays does not break the page', { tags: ['fault-83'] }, async () => {
    const { server, page } = await openLivePage()
    const depth = 1_000_000
    server.broadcast(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    await page.waitFor('demo.messages.length + demo.errors.length === 1')
    server.broadcastJSON({ type: 'news', text: 'still here' })
    await page.waitFor(`document.getElementById('latest').textContent === 'still here'`)
  })
})
