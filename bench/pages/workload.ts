/** What the address of the page says. */
export interface Parameters {
  readonly server: string
  /** A number, which has to be there. */
  number(name: string): number
  text(name: string): string
}

export type Figures = Readonly<Record<string, number>>

/** A page that is ready to be measured. */
export interface Prepared {
  /** Does what is to be measured. */
  run(): Promise<Figures>
}

export type Workload = (parameters: Parameters) => Promise<Prepared>

/** How the browser is driven from outside. */
declare global {
  var bench: { readonly prepared: Promise<Prepared> } | undefined
}

/** Prepares the workload that the address names. */
export function start(workloads: Readonly<Record<string, Workload>>): void {
  const query = new URLSearchParams(location.search)
  const text = (name: string): string => {
    const value = query.get(name)
    if (value === null) throw new Error(`The address does not say ${name}.`)
    return value
  }
  const workload = workloads[text('workload')]
  if (!workload) throw new Error('There is no such workload on this page.')
  const broken = watchErrors()
  const prepared = workload({
    server: `ws://${location.host}/`,
    text,
    number: (name) => Number(text(name)),
  })
  const race = <Value>(promise: Promise<Value>): Promise<Value> => Promise.race([promise, broken])
  globalThis.bench = {
    prepared: race(prepared.then(({ run }) => ({ run: () => race(run()) }))),
  }
}

/** Rejects at the first error nobody has caught: what goes on after it is no measurement. */
function watchErrors(): Promise<never> {
  return new Promise((_resolve, reject) => {
    addEventListener('error', ({ message }) => reject(new Error(message)))
    addEventListener('unhandledrejection', ({ reason }) => reject(new Error(String(reason))))
  })
}
