/** A control for an option that is a time. */
export function milliseconds(name: string, description: string, max: number) {
  return { name, description, control: { type: 'range', min: 100, max, step: 100 } } as const
}

/** A control for an option that is a number of things. */
export function amount(name: string, description: string, max: number) {
  return { name, description, control: { type: 'range', min: 0, max, step: 1 } } as const
}
