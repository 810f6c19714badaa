/** An uncaught error, as the DevTools protocol tells it. */
export interface ExceptionDetails {
  readonly text: string
  readonly exception?: RemoteObject
}

interface RemoteObject {
  readonly value?: unknown
  readonly description?: string
}

interface ConsoleCall {
  readonly type: string
  readonly args: readonly RemoteObject[]
}

interface BrowserReport {
  readonly entry: { readonly level: string; readonly text: string }
}

const badLevels = ['error', 'warning', 'assert']

/** What a DevTools event says went wrong in the page; `undefined` if it is about something else. */
export function describeProblem(method: string, parameters: unknown): string | undefined {
  switch (method) {
    case 'Runtime.exceptionThrown': {
      const { exceptionDetails } = parameters as { exceptionDetails: ExceptionDetails }
      return describeException(exceptionDetails)
    }
    case 'Runtime.consoleAPICalled': {
      const { type, args } = parameters as ConsoleCall
      return badLevels.includes(type) ? args.map(describeObject).join(' ') : undefined
    }
    case 'Log.entryAdded': {
      const { level, text } = (parameters as BrowserReport).entry
      return badLevels.includes(level) ? text : undefined
    }
    default:
      return undefined
  }
}

export function describeException({ text, exception }: ExceptionDetails): string {
  return exception?.description ?? text
}

function describeObject({ value, description }: RemoteObject): string {
  return description ?? JSON.stringify(value)
}
