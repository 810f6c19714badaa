const shared = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Map.prototype,
  Set.prototype,
  Promise.prototype,
]

/** Every property of the prototypes that all code shares. */
function readAll(): unknown[] {
  return shared.flatMap((prototype) =>
    Reflect.ownKeys(prototype).flatMap((key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(prototype, key)
      const value: unknown = descriptor?.value
      return [prototype, key, value, descriptor?.get, descriptor?.set]
    }),
  )
}

const before = readAll()

/** Whether somebody has changed, added or removed one of them since this file was loaded. */
export function arePrototypesPoisoned(): boolean {
  const now = readAll()
  return now.length !== before.length || now.some((value, index) => value !== before[index])
}
