import { act } from '@testing-library/react'
import type { ReactElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { onTestFinished, vi } from 'vitest'

/** Puts server markup into the document, and takes it over. */
export async function hydrate(element: ReactElement) {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(element)
  const onRecoverableError = vi.fn()
  const root = await act(() =>
    Promise.resolve(hydrateRoot(container, element, { onRecoverableError })),
  )
  onTestFinished(() => {
    act(() => root.unmount())
    container.remove()
  })
  return { container, onRecoverableError }
}
