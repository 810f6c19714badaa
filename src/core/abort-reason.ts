/** Why a signal was aborted. Those of React Native do not say; then what browsers would say. */
export function readAbortReason({ reason }: AbortSignal): unknown {
  return (reason as unknown) ?? Object.assign(new Error('Aborted'), { name: 'AbortError' })
}
