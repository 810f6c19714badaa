import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { act, render, screen } from '@testing-library/react'
import { useLayoutEffect, type ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { useWebSocket } from '../../docs/recipes/use-web-socket'
import { ErrorBoundary, muteCaughtErrors } from '../react/error-boundary'
import { compileForReact } from '../setup/react-compiler'
import { DisplayOfRecipe, type View } from './hooks-under-test'
import { nextUrl, openPageOfFakes } from './page-of-fakes'

const file = join(import.meta.dirname, '../../docs/recipes/use-web-socket.ts')
const code = readFileSync(file, 'utf8')

describe('the file', () => {
  it('has at most 150 lines', () => {
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
  })

  it('needs nothing but React', () => {
    const imported = [...code.matchAll(/^import .* from '(.*)'$/gm)].map(([, name]) => name)
    expect(imported).toEqual(['react'])
    expect(code).not.toMatch(/\b(require|import)\(/)
  })

  it('switches no check off', () => {
    expect(code).not.toMatch(/eslint|oxlint|@ts-|\bany\b/)
  })

  it('is compiled by the React Compiler', async () => {
    expect((await compileForReact(code, 'use-web-socket.ts')).compiled).toContain('useWebSocket')
  })
})

describe('what only the recipe does', () => {
  async function mount() {
    const page = openPageOfFakes()
    const onView = vi.fn<(view: View) => void>()
    const mounted = render(<DisplayOfRecipe url={nextUrl()} onView={onView} />)
    await page.advance(0)
    return {
      page,
      mounted,
      send: (message: unknown) => onView.mock.lastCall?.[0].sendJSON(message),
    }
  }

  it('a queue that is full takes no more, and the caller is told', async () => {
    const { page, send } = await mount()
    for (let n = 0; n < 1000; n += 1) expect(send(n)).toBe('queued')
    expect(send('one too many')).toBe('dropped')
    await page.newestSocket().open()
    expect(page.newestSocket().sentJSON()).toEqual(Array.from({ length: 1000 }, (_, n) => n))
    expect(send('room again')).toBe('sent')
  })

  it('nothing waits for a server that has refused', async () => {
    const { page, send } = await mount()
    page.newestSocket().cut()
    await page.advance(500)
    await page.newestSocket().open()
    page.newestSocket().closeWith(4401)
    expect(screen.getByTestId('status')).toHaveTextContent('failed')
    expect(send('never')).toBe('dropped')
  })

  it('what waits is given up soon after the last component has left', async () => {
    const { page, mounted, send } = await mount()
    send('given up')
    mounted.unmount()
    await page.advance(1000)
    expect(page.newestSocket().closedBy).toMatchObject({ code: 1000 })
    expect(page.newestSocket().sent).toEqual([])
  })

  it('what is sent before its component is subscribed waits, too', async () => {
    const page = openPageOfFakes()
    const url = nextUrl()
    function Early(): ReactElement {
      const { status, sendJSON } = useWebSocket(url)
      useLayoutEffect(() => void sendJSON('early'), [sendJSON])
      return <p data-testid="status">{status}</p>
    }
    render(<Early />)
    await page.newestSocket().open()
    await page.advance(10_000)
    expect(page.sockets).toHaveLength(1)
    expect(page.newestSocket().sentJSON()).toEqual(['early'])
    expect(screen.getByTestId('status')).toHaveTextContent('open')
  })

  it('what is sent when nobody is there goes out if the server is quick, and leaves nothing', async () => {
    const { page, mounted, send } = await mount()
    mounted.unmount()
    await page.advance(1000)
    expect(send('afterthought')).toBe('queued')
    await page.newestSocket().open()
    expect(page.newestSocket().sentJSON()).toEqual(['afterthought'])
    await page.advance(1000)
    expect(page.newestSocket().closedBy).toMatchObject({ code: 1000 })
  })

  it('a message that is no JSON is an error, and the socket stays', async () => {
    const { page, send } = await mount()
    await page.newestSocket().open()
    expect(() => page.newestSocket().receiveFrame('{')).toThrow(SyntaxError)
    page.newestSocket().receive('next')
    expect(screen.getByTestId('message')).toHaveTextContent('next')
    expect(send('still open')).toBe('sent')
  })

  it('an address that no socket can have is an error of the component, and leaves nothing', () => {
    openPageOfFakes()
    muteCaughtErrors()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.stubGlobal('WebSocket', function WebSocket() {
      throw new SyntaxError('The URL is invalid.')
    })
    const boundary = (
      <ErrorBoundary>
        <DisplayOfRecipe url="ftp://live.test" />
      </ErrorBoundary>
    )
    act(() => void render(boundary))
    expect(screen.getByRole('alert')).toHaveTextContent('The URL is invalid.')
  })
})
