import { vi } from 'vitest'

/** A browser session of a WebDriver server. */
export interface WebDriverSession {
  /** Carries out a command; `path` comes after the address of the session. */
  send(method: 'DELETE' | 'GET' | 'POST', path: string, body?: object): Promise<unknown>
}

/** How long the server may take to start. */
const startTimeoutMs = 10_000

/** How long a script may take. */
const scriptTimeoutMs = 10_000

/** How long any other command may take; a server whose browser does not start never answers. */
const commandTimeoutMs = 30_000

/** Starts a browser through the server at that address, which may still be starting. */
export async function startSession(
  serverUrl: string,
  capabilities: object,
): Promise<WebDriverSession> {
  await vi.waitFor(() => send('GET', `${serverUrl}/status`), {
    timeout: startTimeoutMs,
    interval: 20,
  })
  const { sessionId } = (await send('POST', `${serverUrl}/session`, {
    capabilities: { alwaysMatch: { ...capabilities, timeouts: { script: scriptTimeoutMs } } },
  })) as { sessionId: string }
  return {
    send: (method, path, body) => send(method, `${serverUrl}/session/${sessionId}${path}`, body),
  }
}

/** Value of a JavaScript expression in the page; a promise is awaited. */
export async function evaluate(session: WebDriverSession, expression: string): Promise<unknown> {
  const outcome = await session.send('POST', '/execute/async', {
    script: `const [expression, done] = arguments
      Promise.resolve()
        .then(() => (0, eval)(expression))
        .then((value) => done({ value }), (error) => done({ error: String(error) }))`,
    args: [expression],
  })
  const { value, error } = outcome as { value?: unknown; error?: string }
  if (error !== undefined) throw new Error(`${expression}: ${error}`)
  return value
}

async function send(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(commandTimeoutMs),
    ...(body && { body: JSON.stringify(body) }),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error, message } = value as { error: string; message: string }
  throw new Error(`${method} ${url}: ${error}: ${message}`)
}
