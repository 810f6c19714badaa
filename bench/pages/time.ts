/** Milliseconds. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Resolves when the browser has shown what there is, and has nothing more to do. */
export async function settled(): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  await new Promise((resolve) => requestIdleCallback(resolve))
}

/** A promise and what resolves it. */
export function signal<Value = void>(): {
  readonly promise: Promise<Value>
  resolve(value: Value): void
} {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
