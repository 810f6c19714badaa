import { act, render, screen } from '@testing-library/react'
import { Activity, StrictMode, version, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import type { FakeEnvironment } from '../fake-environment'
import { hydrate } from '../react/hydrate'
import { keepConsoleSilent } from '../react/silent-console'
import { hooksUnderTest, type DisplayProps, type View } from './hooks-under-test'
import { nextUrl, openPageOfFakes } from './page-of-fakes'

keepConsoleSilent()

type Display = (props: DisplayProps) => ReactElement

const shownStatus = () => screen.getByTestId('status').textContent
const shownMessage = () => screen.getByTestId('message').textContent

/** A component on the page, with a socket that is being opened. */
async function mount(Display: Display) {
  const page = openPageOfFakes()
  const url = nextUrl()
  const onView = vi.fn<(view: View) => void>()
  const display = <Display url={url} onView={onView} />
  const mounted = render(display)
  await page.advance(0)
  return {
    page,
    url,
    display,
    mounted,
    get view() {
      const view = onView.mock.lastCall?.[0]
      if (!view) throw new Error('Nothing has been shown.')
      return view
    },
  }
}

async function mountOpen(Display: Display) {
  const begun = await mount(Display)
  await begun.page.newestSocket().open()
  return begun
}

/** Loses the newest socket, and has the next one after exactly that time. */
async function expectRetryAfter(page: FakeEnvironment, delayMs: number): Promise<void> {
  const { length } = page.sockets
  page.newestSocket().cut()
  await page.advance(delayMs - 1)
  expect(page.sockets).toHaveLength(length)
  await page.advance(1)
  expect(page.sockets).toHaveLength(length + 1)
}

const largestRandom = 1 - Number.EPSILON

describe.each(hooksUnderTest)('useWebSocket of $name', ({ Display }) => {
  describe('sharing', () => {
    it('one socket serves all components of a URL', async () => {
      const page = openPageOfFakes()
      const url = nextUrl()
      const { container } = render([1, 2, 3].map((key) => <Display key={key} url={url} />))
      await page.advance(0)
      await page.newestSocket().open()
      page.newestSocket().receive('hello')
      expect(page.sockets.map((socket) => socket.url)).toEqual([url])
      expect(container).toHaveTextContent('open"hello"'.repeat(3))
    })

    it('a component that comes later shows the newest message', async () => {
      const { page, url } = await mountOpen(Display)
      page.newestSocket().receive('earlier')
      const { container } = render(<Display url={url} />)
      expect(container).toHaveTextContent('open"earlier"')
      expect(page.sockets).toHaveLength(1)
    })

    it('the socket stays when one of two components leaves', async () => {
      const { page, url } = await mountOpen(Display)
      const other = render(<Display url={url} />)
      other.unmount()
      await page.advance(10_000)
      expect(page.newestSocket().closedBy).toBeNull()
    })

    it('different URLs have different sockets', async () => {
      const page = openPageOfFakes()
      const urls = [nextUrl(), nextUrl()]
      render(urls.map((url) => <Display key={url} url={url} />))
      await page.advance(0)
      expect(page.sockets.map(({ url }) => url)).toEqual(urls)
    })

    it('without a URL there is no socket', async () => {
      const page = openPageOfFakes()
      const onView = vi.fn<(view: View) => void>()
      render(<Display url={null} onView={onView} />)
      await page.advance(60_000)
      expect(onView.mock.lastCall?.[0]).toMatchObject({ status: 'idle', lastMessage: undefined })
      expect(onView.mock.lastCall?.[0].sendJSON('nowhere')).toBe('dropped')
      expect(page.sockets).toHaveLength(0)
    })
  })

  describe('coming and going', () => {
    it('StrictMode opens one socket and closes none', async () => {
      const page = openPageOfFakes()
      const url = nextUrl()
      render(
        <StrictMode>
          <Display url={url} />
        </StrictMode>,
      )
      await page.advance(0)
      await page.newestSocket().open()
      await page.advance(10_000)
      expect(page.sockets).toHaveLength(1)
      expect(page.newestSocket().closedBy).toBeNull()
      expect(shownStatus()).toBe('open')
    })

    it('the last that leaves closes the socket with 1000, after a second', async () => {
      const { page, mounted } = await mountOpen(Display)
      mounted.unmount()
      await page.advance(999)
      expect(page.newestSocket().closedBy).toBeNull()
      await page.advance(1)
      expect(page.newestSocket().closedBy).toMatchObject({ code: 1000 })
    })

    it('one that comes back within that second finds the socket and the message', async () => {
      const { page, mounted, display } = await mountOpen(Display)
      page.newestSocket().receive('kept')
      mounted.unmount()
      await page.advance(900)
      render(display)
      await page.advance(10_000)
      expect(page.sockets).toHaveLength(1)
      expect(page.newestSocket().closedBy).toBeNull()
      expect(shownMessage()).toBe('"kept"')
    })

    it('one that comes back later starts over', async () => {
      const { page, mounted, display } = await mountOpen(Display)
      page.newestSocket().receive('old')
      mounted.unmount()
      await page.advance(1000)
      render(display)
      await page.advance(0)
      expect(page.sockets).toHaveLength(2)
      expect([shownStatus(), shownMessage()]).toEqual(['connecting', ''])
    })

    it('leaving ends an attempt that is under way', async () => {
      const { page, mounted } = await mount(Display)
      mounted.unmount()
      await page.advance(1000)
      expect(page.countLiveSockets()).toBe(0)
      await page.advance(60_000)
      expect(page.sockets).toHaveLength(1)
    })

    it('leaving ends the wait for a retry', async () => {
      const { page, mounted } = await mountOpen(Display)
      page.setRandom(largestRandom)
      for (const delayMs of [500, 1000, 2000]) await expectRetryAfter(page, delayMs)
      page.newestSocket().cut()
      mounted.unmount()
      await page.advance(60_000)
      expect(page.sockets).toHaveLength(4)
    })

    it('another URL has another socket, and the old one and its message are left', async () => {
      const { page, mounted } = await mountOpen(Display)
      page.newestSocket().receive('of the first')
      const url = nextUrl()
      mounted.rerender(<Display url={url} />)
      await page.advance(0)
      expect(page.newestSocket().url).toBe(url)
      expect([shownStatus(), shownMessage()]).toEqual(['connecting', ''])
      await page.advance(1000)
      expect(page.sockets[0]?.closedBy).toMatchObject({ code: 1000 })
    })

    it.skipIf(version.startsWith('18.'))(
      'a hidden <Activity> gives the socket up, and gets one when it is shown',
      async () => {
        const page = openPageOfFakes()
        const url = nextUrl()
        const inMode = (mode: 'visible' | 'hidden') => (
          <Activity mode={mode}>
            <Display url={url} />
          </Activity>
        )
        const mounted = render(inMode('visible'))
        await page.advance(0)
        await page.newestSocket().open()
        mounted.rerender(inMode('hidden'))
        await page.advance(1000)
        expect(page.newestSocket().closedBy).toMatchObject({ code: 1000 })
        mounted.rerender(inMode('visible'))
        await page.advance(0)
        expect(page.sockets).toHaveLength(2)
      },
    )

    it('hydration begins idle, as the server has rendered it, and then goes live', async () => {
      const page = openPageOfFakes()
      const { onRecoverableError } = await hydrate(<Display url={nextUrl()} />)
      await page.advance(0)
      expect(shownStatus()).toBe('connecting')
      await page.newestSocket().open()
      expect(shownStatus()).toBe('open')
      expect(onRecoverableError).not.toHaveBeenCalled()
    })

    it('a component that is rendered on a server is idle, whatever is open elsewhere', async () => {
      const { page, url } = await mountOpen(Display)
      page.newestSocket().receive('private')
      expect(renderToString(<Display url={url} />)).not.toMatch(/open|private/)
      const { container, onRecoverableError } = await hydrate(<Display url={url} />)
      expect(container).toHaveTextContent('open"private"')
      expect(onRecoverableError).not.toHaveBeenCalled()
    })
  })

  describe('messages', () => {
    it('are shown as they come, decoded', async () => {
      const { page } = await mountOpen(Display)
      for (const message of [{ n: 1 }, [2], 'three', 4, null]) {
        page.newestSocket().receive(message)
        expect(shownMessage()).toBe(JSON.stringify(message))
      }
    })

    it('of a task show the newest', async () => {
      const { page } = await mountOpen(Display)
      act(() => [1, 2, 3].forEach((message) => page.newestSocket().receive(message)))
      expect(shownMessage()).toBe('3')
    })

    it('stay while the socket is replaced', async () => {
      const { page } = await mountOpen(Display)
      page.newestSocket().receive('kept')
      page.newestSocket().cut()
      expect([shownStatus(), shownMessage()]).toEqual(['reconnecting', '"kept"'])
    })
  })

  describe('a lost socket', () => {
    it('is replaced', async () => {
      const { page } = await mountOpen(Display)
      page.newestSocket().cut()
      expect(shownStatus()).toBe('reconnecting')
      await page.advance(500)
      await page.newestSocket().open()
      expect(shownStatus()).toBe('open')
    })

    it('is replaced at a random time from 50 ms up to a window that doubles until 30 s', async () => {
      const { page } = await mount(Display)
      page.setRandom(0)
      await expectRetryAfter(page, 50)
      page.setRandom(largestRandom)
      for (const delayMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
        await expectRetryAfter(page, delayMs)
      }
      page.setRandom(0)
      await expectRetryAfter(page, 50)
    })

    it('of a server that closes whoever it lets in is replaced slower and slower', async () => {
      const { page } = await mount(Display)
      page.setRandom(largestRandom)
      for (const delayMs of [500, 1000, 2000]) {
        await page.newestSocket().open()
        page.newestSocket().receive('hello')
        await expectRetryAfter(page, delayMs)
      }
    })

    it('that had lasted for five seconds is replaced as if for the first time', async () => {
      const { page } = await mount(Display)
      page.setRandom(largestRandom)
      for (const delayMs of [500, 1000, 2000]) await expectRetryAfter(page, delayMs)
      await page.newestSocket().open()
      page.newestSocket().receive('proof')
      await page.advance(5000)
      await expectRetryAfter(page, 500)
    })

    it('that would not open is replaced after 10 s', async () => {
      const { page } = await mount(Display)
      await page.advance(9999)
      expect(page.newestSocket().closedBy).toBeNull()
      await page.advance(1)
      expect(page.newestSocket().closedBy).not.toBeNull()
      expect(shownStatus()).toBe('reconnecting')
      await page.advance(500)
      expect(page.sockets).toHaveLength(2)
    })

    it.each([1002, 1003, 1007, 1008, 1009, 1010, 4400, 4403, 4404])(
      'is not replaced if the server has refused with %i',
      async (code) => {
        const { page } = await mountOpen(Display)
        page.newestSocket().closeWith(code)
        expect(shownStatus()).toBe('failed')
        await page.advance(3_600_000)
        expect(page.sockets).toHaveLength(1)
      },
    )

    it.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4429])(
      'is replaced if the server has closed with %i',
      async (code) => {
        const { page } = await mountOpen(Display)
        page.newestSocket().closeWith(code)
        expect(shownStatus()).toBe('reconnecting')
        await page.advance(6000)
        expect(page.sockets).toHaveLength(2)
      },
    )
  })

  describe('a silent socket', () => {
    it('is asked after 25 s, and stays if there is an answer, which nobody sees', async () => {
      const { page } = await mountOpen(Display)
      await page.advance(24_999)
      expect(page.newestSocket().sent).toEqual([])
      await page.advance(1)
      expect(page.newestSocket().sentJSON()).toEqual([{ type: 'ping' }])
      await page.advance(9999)
      page.newestSocket().receive({ type: 'pong' })
      await page.advance(24_999)
      expect(page.newestSocket().sent).toHaveLength(1)
      expect([shownStatus(), shownMessage()]).toEqual(['open', ''])
    })

    it('is not silent while messages come', async () => {
      const { page } = await mountOpen(Display)
      for (const message of [1, 2, 3]) {
        await page.advance(20_000)
        page.newestSocket().receive(message)
      }
      expect(page.newestSocket().sent).toEqual([])
    })

    it('that does not answer within 10 s is left at once', async () => {
      const { page } = await mountOpen(Display)
      await page.advance(34_999)
      expect(shownStatus()).toBe('open')
      await page.advance(1)
      expect(shownStatus()).toBe('reconnecting')
      expect(page.newestSocket().closedBy).not.toBeNull()
      await page.advance(500)
      expect(page.sockets).toHaveLength(2)
    })

    it('that was left is not heard any more', async () => {
      const { page } = await mountOpen(Display)
      await page.advance(36_000)
      await page.newestSocket().open()
      page.sockets[0]?.receive('late')
      page.sockets[0]?.closeWith(1008)
      expect([shownStatus(), shownMessage()]).toEqual(['open', ''])
      await page.advance(5000)
      expect(page.sockets).toHaveLength(2)
    })
  })

  describe('sending', () => {
    it('goes out at once while the socket is open', async () => {
      const { page, view } = await mountOpen(Display)
      expect(view.sendJSON({ a: 1 })).toBe('sent')
      expect(page.newestSocket().sent).toEqual(['{"a":1}'])
    })

    it('waits for the socket, and goes out in order before anything newer', async () => {
      const { page, view } = await mount(Display)
      expect([1, 2, 3].map((n) => view.sendJSON(n))).toEqual(['queued', 'queued', 'queued'])
      await page.newestSocket().open()
      view.sendJSON(4)
      expect(page.newestSocket().sentJSON()).toEqual([1, 2, 3, 4])
    })

    it('waits for the next socket after a loss, and goes out once', async () => {
      const { page, view } = await mountOpen(Display)
      page.newestSocket().cut()
      expect(view.sendJSON('kept')).toBe('queued')
      for (const _ of [1, 2]) {
        await page.advance(1000)
        await page.newestSocket().open()
        page.newestSocket().cut()
      }
      expect(page.sockets.map((socket) => socket.sentJSON())).toEqual([[], ['kept'], []])
    })

    it('encodes at once, so that a later change has no effect', async () => {
      const { page, view } = await mount(Display)
      const message = { count: 1 }
      view.sendJSON(message)
      message.count = 2
      await page.newestSocket().open()
      expect(page.newestSocket().sentJSON()).toEqual([{ count: 1 }])
    })

    it('throws for what cannot be encoded, and keeps no place for it', async () => {
      const { page, view } = await mount(Display)
      expect(() => view.sendJSON(1n)).toThrow()
      view.sendJSON('next')
      await page.newestSocket().open()
      expect(page.newestSocket().sentJSON()).toEqual(['next'])
    })

    it('may be done in the first effect of a component', async () => {
      const page = openPageOfFakes()
      const url = nextUrl()
      render(<Display url={url} onView={({ sendJSON }) => void sendJSON('first')} />)
      await page.advance(0)
      await page.newestSocket().open()
      expect(page.sockets).toHaveLength(1)
      expect(page.newestSocket().sentJSON()[0]).toBe('first')
    })

    it('is the same function as long as the URL is the same', async () => {
      const page = openPageOfFakes()
      const url = nextUrl()
      const seen = new Set<unknown>()
      const onView = ({ sendJSON }: View) => void seen.add(sendJSON)
      render(<Display url={url} onView={onView} />)
      await page.advance(0)
      await page.newestSocket().open()
      page.newestSocket().receive(1)
      page.newestSocket().cut()
      expect(seen.size).toBe(1)
    })
  })
})
