import { isWirehookError, WirehookError } from './errors'
import { proceed, rescue, type Eventually } from './sequence'

/** What a schema found wrong: Standard Schema v1, https://standardschema.dev. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** The interface that zod, valibot, arktype and others share: Standard Schema v1. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Eventually<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** One schema for all messages, or one for each `type` of message; other types are then invalid. */
export type MessageSchema<Input = unknown, Output = unknown> =
  StandardSchema<Input, Output> | { readonly [type: string]: StandardSchema<Input, Output> }

type SchemasIn<Schema> = Schema extends StandardSchema ? Schema : Schema[keyof Schema]

/** What a schema, or a map of them, gives for a valid message; `unknown` without one. */
export type SchemaOutput<Schema> = [Schema] extends [undefined]
  ? unknown
  : SchemasIn<Schema> extends StandardSchema<unknown, infer Output>
    ? Output
    : unknown

/** What a schema, or a map of them, takes; `unknown` without one. */
export type SchemaInput<Schema> = [Schema] extends [undefined]
  ? unknown
  : SchemasIn<Schema> extends StandardSchema<infer Input, unknown>
    ? Input
    : unknown

/** What a schema gives, wrapped: it may look like a promise, and is none. */
export interface Valid {
  readonly value: unknown
}

/**
 * The message as the schema gives it.
 *
 * @param readSubject says what an error is about
 * @throws WirehookError `invalid-message`, at once or as a rejection; the issues are its `cause`
 */
export function validate(
  schema: MessageSchema | undefined,
  message: unknown,
  readSubject: () => string,
): Eventually<Valid> {
  if (!schema) return { value: message }
  return rescue(() => {
    const chosen = choose(schema, message)
    if (!chosen) return refuse([{ message: 'There is no schema for this type.' }])
    return proceed(chosen['~standard'].validate(message), read)
  }, refuse)

  function read(result: SchemaResult<unknown>): Valid {
    return result.issues ? refuse(result.issues) : { value: result.value }
  }

  function refuse(cause: unknown): never {
    throw isWirehookError(cause)
      ? cause
      : new WirehookError('invalid-message', readSubject(), cause)
  }
}

function choose(schema: MessageSchema, message: unknown): StandardSchema | undefined {
  if ('~standard' in schema) return schema as StandardSchema
  const { type } = Object(message) as { type?: unknown }
  const isName = typeof type === 'string' || typeof type === 'number'
  return isName && Object.hasOwn(schema, type) ? schema[type] : undefined
}
