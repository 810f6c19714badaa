import { useInsertionEffect, useLayoutEffect, useRef } from 'react'

/** Calls back for each time the component has rendered and was committed. */
export function useCommits(onCommit: () => void): void {
  // Other effects are run twice by StrictMode when they mount.
  useInsertionEffect(onCommit)
}

/** How often the component that this is a part of has rendered. It counts itself, so it renders nothing. */
export function RenderCount() {
  const output = useRef<HTMLSpanElement>(null)
  const count = useRef(0)
  useCommits(() => {
    count.current += 1
  })
  useLayoutEffect(() => {
    if (output.current) output.current.textContent = `${count.current}`
  })
  return <span ref={output} data-renders />
}
