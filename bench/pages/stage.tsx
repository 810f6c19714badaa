import { act, useLayoutEffect, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { ConnectionProps, Contender } from './contender'
import { settled, signal } from './time'

/**
 * Mounts components below a connection and waits until it is open and the page has come to rest.
 * One component is always there, as in every application, to show whether there is a connection.
 */
export async function mount(
  contender: Contender,
  connection: Omit<ConnectionProps, 'children'>,
  children: ReactNode,
): Promise<void> {
  if ((act as unknown) !== undefined) throw new Error('This is not the React of production.')
  const opened = signal()
  function Status() {
    const { isOpen } = contender.useStatus()
    useLayoutEffect(() => {
      if (isOpen) opened.resolve()
    }, [isOpen])
    return <p>{isOpen ? 'open' : 'not open'}</p>
  }
  createRoot(rootElement()).render(
    <contender.Connection {...connection}>
      <Status />
      {children}
    </contender.Connection>,
  )
  await opened.promise
  await settled()
}

export function rootElement(): HTMLElement {
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no root.')
  return root
}
