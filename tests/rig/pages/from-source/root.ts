import { createRoot, type Root } from 'react-dom/client'

/** Where a page puts its components. */
export function createPageRoot(): Root {
  const container = document.getElementById('root')
  if (!container) throw new Error('The page has no place for the components.')
  return createRoot(container)
}
