/// <reference types="vite/client" />
import { useLayoutEffect, type ReactNode } from 'react'
import './theme.css'

/** Gives the whole page one colour scheme; any name but `light` and `dark` follows the system. */
export function Theme({ name, children }: { name: string; children: ReactNode }) {
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = name
  }, [name])
  return children
}
