import { Component, type ReactNode } from 'react'
import { onTestFinished } from 'vitest'

/** Shows the message of what is thrown below it. */
export class ErrorBoundary extends Component<{ children: ReactNode }> {
  override state = { message: null as string | null }

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    const { message } = this.state
    return message === null ? this.props.children : <p role="alert">{message}</p>
  }
}

/** Keeps the page from reporting what boundaries catch, which React 18 shows to it, too. */
export function muteCaughtErrors(): void {
  const mute = (event: Event): void => event.preventDefault()
  window.addEventListener('error', mute)
  onTestFinished(() => window.removeEventListener('error', mute))
}
