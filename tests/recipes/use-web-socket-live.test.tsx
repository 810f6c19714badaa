import { render, screen, waitFor } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startLiveServer } from '../rig/live-server'
import { startFaultProxy } from '../rig/network/fault-proxy'
import { hooksUnderTest, type View } from './hooks-under-test'

const patience = { timeout: 4000, interval: 5 }

it.each(hooksUnderTest)('$name lives through a cut of a real link', async ({ Display }) => {
  const server = await startLiveServer()
  const proxy = await startFaultProxy(server.port)
  onTestFinished(async () => {
    await proxy.close()
    await server.stop()
  })
  const onView = vi.fn<(view: View) => void>()
  render(<Display url={`${proxy.url}/live`} onView={onView} />)
  const shows = (status: string) =>
    waitFor(() => expect(screen.getByTestId('status')).toHaveTextContent(status), patience)
  const showsMessage = (n: number) =>
    waitFor(() => expect(screen.getByTestId('message')).toHaveTextContent(`"n":${n}`), patience)
  const send = (n: number) => onView.mock.lastCall?.[0].sendJSON({ type: 'echo', n })

  await shows('open')
  expect(send(1)).toBe('sent')
  await showsMessage(1)
  proxy.refuse()
  proxy.reset()
  await shows('reconnecting')
  expect([send(2), send(3)]).toEqual(['queued', 'queued'])
  await proxy.accept()
  await shows('open')
  await showsMessage(3)
  expect(server.received).toEqual([1, 2, 3].map((n) => ({ type: 'echo', n })))
  expect(server.totalConnections).toBe(2)
})
