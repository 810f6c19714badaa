/** Writes down what happens to the page as a whole. */
export function recordPageEvents(events: string[]): void {
  for (const type of ['pageshow', 'pagehide'] as const) {
    addEventListener(type, ({ persisted }) => events.push(persisted ? `${type} persisted` : type))
  }
  for (const type of ['online', 'offline'] as const) {
    addEventListener(type, () => events.push(type))
  }
  for (const type of ['freeze', 'resume']) {
    document.addEventListener(type, () => events.push(type))
  }
}
