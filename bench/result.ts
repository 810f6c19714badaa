/** Each figure, once for every repetition, in the order of the repetitions. */
export type Samples = Readonly<Record<string, readonly number[]>>

/** What a run has measured; kept in `results/latest.json`. */
export interface Result {
  readonly date: string
  /** Whether it was only to see that the bench works. */
  readonly isQuick: boolean
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryGB: number
    readonly system: string
  }
  readonly versions: Readonly<Record<string, string>>
  /** Bytes of an import. */
  readonly sizes: Readonly<Record<string, Samples>>
  readonly workloads: Readonly<Record<string, Measured>>
}

/** A workload, and what each contender made of it. */
export interface Measured {
  readonly parameters: Readonly<Record<string, string | number>>
  readonly contenders: Readonly<Record<string, Samples>>
}
